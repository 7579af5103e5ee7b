"""TIFFs written page by page, segment by segment; large ones as BigTIFF."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple

from poolcli.errors import PictureError, PoolingError
from poolcli.media.tiff.encoding import Coding, Layout
from poolcli.media.tiff.extra import library
from poolcli.media.tiff.meaning.exif import DIRECTORY_TAGS, packed_directory
from poolcli.media.tiff.meaning.page_tags import PageTags
from poolcli.media.tiff.meaning.raw_tags import RawTag
from poolcli.media.tiff.samples import Samples

__all__ = ["PageForm", "TiffWriter"]

_CLASSIC_BYTES = (1 << 32) - (1 << 26)
"""Bytes of samples, with room for directories, that 32-bit offsets surely reach."""

_LONG, _LONG8 = 4, 16


class PageForm(NamedTuple):
    """Form of a page to write: (height, width, channels), samples, segments and coding."""

    shape: tuple[int, int, int]
    samples: Samples
    layout: Layout
    coding: Coding


class TiffWriter:
    """Writer of a TIFF's pages.

    Parameters
    ----------
    file : binary file
        Writable and seekable.
    size : int
        Bytes of all samples: from nearly 4 GiB on, offsets take 64 bits.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._big = file, size > _CLASSIC_BYTES
        self._writer: Any = library().TiffWriter(
            file, bigtiff=self._big, ome=False, imagej=False, shaped=False
        )

    def __enter__(self) -> "TiffWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    def write(self, form: PageForm, segments: Iterator[bytes], tags: PageTags) -> None:
        """Write a page, whose segments are taken as they are needed, row by row.

        Raises
        ------
        PictureError
            If a TIFF does not hold such a page.
        """
        (height, width, channels), samples, layout, coding = form
        shape: tuple[int, ...] = (height, width)
        options: dict[str, Any] = {}
        if channels > 1:
            shape = (channels, height, width) if layout.planar else form.shape
            options["planarconfig"] = "separate" if layout.planar else "contig"
        if samples.extras:
            options["extrasamples"] = samples.extras
        if samples.colormap is not None:
            options["colormap"] = samples.colormap
        if layout.tiled:
            options["tile"] = (layout.rows, layout.columns)
        else:
            options["rowsperstrip"] = layout.rows
        if coding.compression != 1:
            options["compression"] = coding.compression
        if coding.predictor != 1:
            options["predictor"] = coding.predictor
        if tags.resolution is not None:
            options |= {"resolution": tags.resolution, "resolutionunit": tags.unit}
        options |= {"photometric": samples.photometric, "description": tags.description}
        options["extratags"] = [tuple(tag) for tag in tags.others]
        options["extratags"] += [
            (DIRECTORY_TAGS[code], _LONG8 if self._big else _LONG, 1, self._placed(entries), False)
            for code, entries in tags.directories.items()
        ]
        options |= {"shape": shape, "dtype": samples.dtype, "software": False, "metadata": None}
        try:
            self._writer.write(segments, maxworkers=1, **options)
        except (PoolingError, OSError, MemoryError):
            raise
        except Exception as error:  # tifffile checks what it is given in many places
            raise PictureError(f"cannot be written as TIFF ({error})") from error

    def _placed(self, entries: Sequence[RawTag]) -> int:
        """Write a directory after all that is written, and return its place."""
        place = self._file.seek(0, 2)
        place += self._file.write(bytes(place % 2))
        self._file.write(packed_directory(entries, place, big=self._big))
        self._file.write(bytes(self._file.tell() % 2))
        return place
