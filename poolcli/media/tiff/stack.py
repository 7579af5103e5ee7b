"""The planes of an opened TIFF, in the order of its pages, and the axes that they lie along."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import accumulate
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from poolcli.core.types import Source
from poolcli.errors import PictureError
from poolcli.media.options import MAX_PIXELS, Reading
from poolcli.media.picture import number_in
from poolcli.media.tiff.errors import quietly
from poolcli.media.tiff.extra import library
from poolcli.media.tiff.runs import Run, names_axes, run_of
from poolcli.media.tiff.samples import MappedSamples, Samples, interpret
from poolcli.media.tiff.segments.cache import SegmentCache
from poolcli.media.tiff.segments.planes import SegmentedPlane, contiguous_plane
from poolcli.media.tiff.upright import UprightPlane

__all__ = ["Plane", "Stack", "opened_stack"]

_ALL_SERIES = ("ome", "shaped", "imagej")
_SERIES = {*_ALL_SERIES, "lsm", "stk", "svs", "ndpi", "scn", "fluoview", "mmstack", "nih", "bif"}
_SERIES |= {"philips", "qpi", "sis", "metaseries", "indica", "avs"}
"""Kinds of files whose own software says which pages belong together, by tifffile's names."""

_ORIENTATION, _NODATA = 274, 42113


class Plane(NamedTuple):
    """A plane of a stack.

    Attributes
    ----------
    source : Source
        (H, W, channels), upright, as it is pooled.
    samples : Samples
    segment : (int, int)
        Rows and columns that are decoded at once.
    page : tifffile's page
        The page whose layout and tags are the plane's.
    orientation : int
        As it was stored.
    """

    source: Source
    samples: Samples
    segment: tuple[int, int]
    page: Any
    orientation: int = 1

    @property
    def nodata(self) -> str | None:
        """The value that stands for missing data, where the page states one of its samples."""
        tag = self.page.tags.get(_NODATA) if self.samples.function is None else None
        text = "" if tag is None else str(tag.value).strip(" \0")
        return text if number_in(text) is not None else None


class Stack:
    """The planes of an opened TIFF.

    Attributes
    ----------
    kind : str
        "ome", "imagej" and so on, or "pages" for pages that belong together in no stated way.
    runs : list of Run
    numbers : sequence of int
        The planes that are read, counted over all runs.
    notes : list of str
        Notes to the user on what is not read.
    lock : RLock
        To be held while tags are read.
    """

    def __init__(
        self, tif: Any, path: Path | None, reading: Reading, notes: Sequence[str] = ()
    ) -> None:
        self.tif, self.path, self.reading, self.notes = tif, path, reading, list(notes)
        self.kind = "pages"
        self.runs: list[Run] = []
        self._cache = SegmentCache()
        self.lock = self._cache.file_lock
        self.keep_palette = False
        self.numbers: Sequence[int] = ()

    def expect(self, size: int) -> None:
        """Say how many bytes of the planes are sliced again and again."""
        self._cache.expect(size)

    def close(self) -> None:
        """Remove what was laid aside for the planes."""
        self._cache.close()

    @property
    def one_plane(self) -> bool:
        """True if one of several planes was chosen."""
        return len(self.numbers) < self.starts[-1]

    @cached_property
    def starts(self) -> list[int]:
        """Number of the first plane of each run, and of all planes."""
        return list(accumulate((run.planes for run in self.runs), initial=0))

    def place(self, number: int) -> tuple[Run, int]:
        """Find a plane's run, and its number there."""
        index = self.index(number)
        return self.runs[index], number - self.starts[index]

    def index(self, number: int) -> int:
        """Find the number of a plane's run."""
        return bisect_right(self.starts, number) - 1

    def plane(self, number: int) -> Plane:
        """Open a plane, counted over all runs.

        Raises
        ------
        PictureError
            If it cannot be pooled.
        """
        with self.lock, quietly():
            return self._open(number)

    def _open(self, number: int) -> Plane:
        run, place = self.place(number)
        page = run.pages[place] if place < len(run.pages) else None
        key = run.keyframe
        samples = interpret(key, keep_palette=self.keep_palette)
        source = self._mapped(run, page, place)
        if source is None:
            source = SegmentedPlane(self._cache, number, page, key)
        segment = source.segment_shape
        self._check_pixels(prod(segment))
        tag = key.tags.get(_ORIENTATION)
        orientation = int(tag.value) if tag is not None else 1
        upright: Source = MappedSamples(source, samples)
        if orientation in range(2, 9):
            upright = UprightPlane(upright, orientation)
        own = page if page is not None and hasattr(page, "tags") else key
        return Plane(upright, samples, segment, own, orientation)

    def _mapped(self, run: Run, page: Any, place: int) -> Any:
        if self.path is None:
            return None
        offset = run.offset
        if offset is not None:
            key = run.keyframe
            size = key.imagelength * key.imagewidth * key.samplesperpixel
            offset += place * size * key.dtype.itemsize
        return contiguous_plane(self._cache, page, run.keyframe, offset)

    def check_total(self, *, at_once: bool) -> None:
        """Refuse more pixels than the user allows.

        Parameters
        ----------
        at_once : bool
            Whether planes are in memory as a whole. Where they are not, segments alone count
            towards the limit that guards memory, unless the user gave another one.

        Raises
        ------
        PictureError
            If there are too many.
        """
        if self.reading.max_pixels == MAX_PIXELS and not at_once:
            return
        total = sum(
            key.imagelength * key.imagewidth
            for number in self.numbers
            for key in [self.place(number)[0].keyframe]
        )
        self._check_pixels(total)

    def _check_pixels(self, pixels: int) -> None:
        limit = self.reading.max_pixels
        if limit is not None and pixels > limit:
            raise PictureError(
                f"has {pixels} pixels or more, above the limit of {limit}; "
                f"use --max-pixels {pixels} or --max-pixels none if you trust the file"
            )


@contextmanager
def opened_stack(
    file: BinaryIO,
    path: Path | None,
    reading: Reading,
    pages: Sequence[int],
    notes: Sequence[str] = (),
) -> Iterator[Stack]:
    """Open the planes of a TIFF.

    Parameters
    ----------
    file : binary file
        It must stay open as long as the stack is used.
    path : Path, optional
        Where the same file can be opened again, if it can be.
    pages : sequence of int
        The pages that are pictures of their own, where nothing else tells which belong together.

    Raises
    ------
    PictureError
        If the file is damaged, or has no such frame.
    """
    tifffile = library()
    file.seek(0)
    with quietly():
        tif = tifffile.TiffFile(file if path is None else path)
    with tif:
        tif.filehandle.set_lock(True)
        stack = Stack(tif, path, reading, notes)
        with quietly():
            _find_runs(stack, pages)
        stack.numbers = _chosen(stack.starts[-1], reading.frame)
        with closing(stack):
            yield stack


def _find_runs(stack: Stack, pages: Sequence[int]) -> None:
    tif = stack.tif
    series = [one for one in tif.series if one.kind in _SERIES]
    if not series or (series[0].kind == "shaped" and not names_axes(tif)):
        stack.runs = [Run("", (), [page], page) for page in (tif.pages[i] for i in pages)]
        return
    stack.kind = series[0].kind
    if stack.kind not in _ALL_SERIES:
        left = [(one.name or "thumbnail").lower() for one in tif.series[1:]]
        stack.notes[:] = [f"{', '.join(left)} passed over"] if left else []
        series = series[:1]
    stack.runs = [run_of(one) for one in series if one.shape and not one.keyframe.is_reduced]
    missing = sum(page is None for run in stack.runs for page in run.pages)
    if missing:
        stack.notes.append(
            f"{missing} plane{'s are' if missing > 1 else ' is'} in no file here, and were taken "
            "for zeros"
        )


def _chosen(count: int, frame: int | None) -> Sequence[int]:
    if frame is None:
        return range(count)
    if not -count <= frame < count:
        raise PictureError(
            f"has no frame {frame}; use 0 to {count - 1}"
            if count > 1
            else f"has no frame {frame}, only frame 0; use 0, or omit --frame"
        )
    return range(frame % count, frame % count + 1)
