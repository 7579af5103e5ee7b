"""One file's way: read, pool, write."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, BinaryIO

from poolcli.errors import PictureError
from poolcli.jobs.plan import Task
from poolcli.media.picture import Frame, Picture

__all__ = ["Way"]

_LOSSY = {".jpg", ".jpeg", ".jpe", ".jfif", ".avif", ".mpo"}


class Way:
    """One file's way from source to destination, and what is known of it."""

    def __init__(self, task: Task) -> None:
        self.task, self.operation = task, task.operation
        self.reading, self.writing = task.reading, task.writing
        self.about = task.source
        self.input_shape: tuple[int, ...] = ()
        self.output_shape: tuple[int, ...] = ()
        self.unused = (0, 0)
        self.frames = 0
        self.dtype = ""
        self.notes: list[str] = []

    def go(self) -> None:
        """Read the source, pool it, and write the destination."""
        from poolcli.media.arrays import is_array, opened_array
        from poolcli.media.files import STANDARD, readable
        from poolcli.media.pictures import piped_array

        if self.task.source == STANDARD:
            with readable(STANDARD) as file:
                x = piped_array(file)
                if x is not None and self._to_array():
                    self._array_to_array(x)
                else:
                    file.seek(0)
                    self._by_picture(file)
        elif is_array(self.task.source) and self._to_array():
            self._array_to_array(opened_array(self.task.source))
        else:
            self._by_picture()

    def _to_array(self) -> bool:
        """Whether an array is to stay one."""
        from poolcli.media.files import STANDARD

        name = self.writing.format or self.task.destination.suffix
        same = self.task.destination == STANDARD and self.writing.format is None
        wanted = same or name.lower().lstrip(".") == "npy"
        return wanted and self.reading.convert is None

    def look(self) -> None:
        """Learn the shapes from the source's header; decode and write nothing."""
        from poolcli.media import pictures
        from poolcli.media.arrays import is_array, opened_array

        if is_array(self.task.source) and self._to_array():
            self._measure_array(opened_array(self.task.source))
            return
        keep_palette = self.operation.name == "mode"
        height, width, channels = pictures.probe(
            self.task.source, self.reading, keep_palette=keep_palette
        )
        self._measure_frame((height, width), channels)

    def _array_to_array(self, x: Any) -> None:
        """Pool the last two axes of a .npy, in bands from file to file."""
        from poolcli.media.arrays import created

        self._measure_array(x)
        channel_axis = len(x.shape) - 3 if len(x.shape) > 2 else None
        options: dict[str, Any] = {"axes": (-2, -1), "channel_axis": channel_axis}
        if self._wants_indices:
            values, indices = self.operation.apply(x, return_indices=True, **options)
            self._keep(indices, x.shape, (-2, -1))
            self.about = self.task.destination
            with created(self.task.destination, self.output_shape, x.dtype) as out:
                out[(slice(None),)][...] = values
            return
        self.about = self.task.destination
        with created(self.task.destination, self.output_shape, x.dtype) as out:
            self.about = self.task.source
            self.operation.apply(x, out=out, **options)
            self.about = self.task.destination

    def _measure_array(self, x: Any) -> None:
        if len(x.shape) < 2:
            raise PictureError(f"has {len(x.shape)} axes; use an array of 2 or more")
        self.input_shape = x.shape
        self.output_shape = (*x.shape[:-2], *self.operation.output_size(x.shape[-2:]))
        self.unused = self.operation.unused(x.shape[-2:])
        self.dtype, self.frames = x.dtype.name, 1

    def _by_picture(self, piped: BinaryIO | None = None) -> None:
        """Pool a picture frame by frame, or an array that has the shape of one."""
        from poolcli.media import pictures

        labels = self.operation.name == "mode"
        with pictures.opened(
            self.task.source, self.reading, keep_palette=labels, piped=piped
        ) as picture:
            self._refuse_lossy(picture)
            # The source is read and the destination written in turns, so each side must tell whose
            # error it is: reading and pooling say so in _pooled, and all else is the destination's.
            pooled = picture._replace(frames=self._pooled(picture))
            writing = self.writing._replace(lossless=self.writing.lossless or labels)
            self.about = self.task.destination
            pictures.save(pooled, self.task.destination, writing)
            self.notes += picture.notes

    def _pooled(self, picture: Picture) -> Iterator[Frame]:
        self.about = self.task.source
        for number, frame in enumerate(picture.frames):
            if number and self._wants_indices:
                raise PictureError("has several frames; use --frame N where indices are wanted")
            pooled = self._pool(frame)
            self.frames = number + 1
            self.about = self.task.destination
            yield pooled
            self.about = self.task.source
        self.about = self.task.destination

    def _pool(self, frame: Frame) -> Frame:
        height, width, channels = frame.pixels.shape
        if not self.frames:
            self._measure_frame((height, width), channels)
            self.dtype = frame.pixels.dtype.name
        high, wide = self.operation.output_size((height, width))
        seen = frame.mode in ("LA", "RGBA") and not self.reading.plain_alpha
        # Padding weighs nothing, as if it were invisible; so it is not enough that all else is not.
        padded = self.operation.padding != (0, 0) or self.operation.divisor_override is not None
        weighs = padded and self.operation.name in ("avg", "gem")
        source = self._quickest(frame)
        alpha = seen and (weighs or not self._opaque(source))
        pixels = self.operation.apply(
            source, channel_axis=2, alpha=alpha, return_indices=self._wants_indices
        )
        if self._wants_indices:
            pixels, indices = pixels
            self._keep_of_picture(indices, (height, width, channels))
        pixels = pixels[..., :channels]
        dpi = frame.dpi and self._scaled(frame.dpi, (height, width), (high, wide))
        return frame._replace(pixels=pixels, dpi=dpi)

    def _quickest(self, frame: Frame) -> Any:
        """The pixels, perhaps with one more channel for what costs nearly nothing per channel."""
        quickest = getattr(frame.pixels, "quickest", None)
        cheap = self.operation.name in ("max", "min", "avg") and not self._wants_indices
        return quickest(spare=cheap) if quickest else frame.pixels

    @staticmethod
    def _opaque(pixels: Any) -> bool:
        from poolcli.core.poolings.alpha import opaque

        return opaque(pixels)

    def _scaled(
        self, dpi: tuple[float, float], old: tuple[int, int], new: tuple[int, int]
    ) -> tuple[float, float]:
        """Dots per inch of a result whose dots are a stride (or a share of the input) apart."""
        down, across = self.operation.steps(old, new)
        return dpi[0] / across, dpi[1] / down

    def _measure_frame(self, lengths: tuple[int, int], channels: int) -> None:
        self.input_shape = (channels, *lengths)
        self.output_shape = (channels, *self.operation.output_size(lengths))
        self.unused = self.operation.unused(lengths)

    def _refuse_lossy(self, picture: Picture) -> None:
        from poolcli.media.files import STANDARD

        suffix = self.writing.format or self.task.destination.suffix
        if self.task.destination == STANDARD and not suffix:
            suffix = picture.format or ""
        lossy = f".{suffix.lower().lstrip('.')}" in _LOSSY
        if self.operation.name == "mode" and lossy and self.writing.quality is None:
            self.about = self.task.destination
            raise PictureError(
                f"{suffix} would blend what mode keeps apart; use .png, or --quality N to accept it"
            )

    @property
    def _wants_indices(self) -> bool:
        return self.task.indices is not None or self.task.winners is not None

    def _keep_of_picture(self, indices: Any, shape: tuple[int, int, int]) -> None:
        """Write what is wanted as the destination's axes lie: an array has its channels first."""
        if self._to_array():
            self._keep(indices.transpose(2, 0, 1), (shape[2], *shape[:2]), (1, 2))
        else:
            self._keep(indices, shape, (0, 1))

    def _keep(self, indices: Any, shape: tuple[int, ...], axes: tuple[int, int]) -> None:
        """Write the indices, and the mask of the pixels that they point to."""
        from poolcli.jobs.winners import winners_mask
        from poolcli.media import pictures
        from poolcli.media.indices_file import Indices, save_indices

        if self.task.indices is not None:
            self.about = self.task.indices
            window = asdict(self.operation)
            numbers = ("kernel", "stride", "padding", "dilation", "ceil_mode", "size")
            given = {name: window[name] for name in numbers if window[name] is not None}
            save_indices(self.task.indices, Indices(indices, shape, axes), given)
        if self.task.winners is not None:
            self.about = self.task.winners
            mask = Frame(winners_mask(indices, shape, axes), "L")
            pictures.save(Picture([mask]), self.task.winners)
