"""One file's way: read, pool, write."""

from dataclasses import asdict
from typing import Any

from poolcli.errors import PictureError
from poolcli.jobs.plan import Task

__all__ = ["Way"]


class Way:
    """One file's way from source to destination, and what is known of it."""

    def __init__(self, task: Task) -> None:
        self.task, self.operation = task, task.operation
        self.about = task.source
        self.input_shape: tuple[int, ...] = ()
        self.output_shape: tuple[int, ...] = ()
        self.unused = (0, 0)
        self.dtype = ""

    def go(self) -> None:
        """Read the source, pool it, and write the destination."""
        from poolcli.media.arrays import is_array

        if is_array(self.task.source) and is_array(self.task.destination):
            self._array_to_array()
        else:
            self._by_picture()

    def _array_to_array(self) -> None:
        """Pool the last two axes of a .npy, in bands from file to file."""
        from poolcli.media.arrays import created, opened_array

        x = opened_array(self.task.source)
        if len(x.shape) < 2:
            raise PictureError(f"has {len(x.shape)} axes; use an array of 2 or more")
        size = self._measure(x.shape[-2:])
        self.input_shape, self.output_shape = x.shape, (*x.shape[:-2], *size)
        self.dtype = x.dtype.name
        channel_axis = len(x.shape) - 3 if len(x.shape) > 2 else None
        options: dict[str, Any] = {"axes": (-2, -1), "channel_axis": channel_axis}
        if self.task.indices is not None:
            values, indices = self.operation.apply(x, return_indices=True, **options)
            self._save_indices(indices, x.shape, (-2, -1))
            self.about = self.task.destination
            with created(self.task.destination, self.output_shape, x.dtype) as out:
                out[(slice(None),)][...] = values
            return
        self.about = self.task.destination
        with created(self.task.destination, self.output_shape, x.dtype) as out:
            self.about = self.task.source
            self.operation.apply(x, out=out, **options)
            self.about = self.task.destination

    def _by_picture(self) -> None:
        """Pool a picture, or an array that has the shape of one."""
        from poolcli.media import images, pictures

        with pictures.opened(self.task.source, self.task.convert) as picture:
            height, width, channels = picture.pixels.shape
            size = self._measure((height, width))
            self.input_shape = (channels, height, width)
            self.output_shape = (channels, *size)
            self.dtype = picture.pixels.dtype.name
            options: dict[str, Any] = {"channel_axis": 2}
            if self.task.indices is None:
                pooled = self.operation.apply(picture.pixels, **options)
            else:
                options["return_indices"] = True
                pooled, indices = self.operation.apply(picture.pixels, **options)
                self._save_picture_indices(indices, (height, width, channels))
        self.about = self.task.destination
        pictures.save(images.Picture(pooled, picture.mode), self.task.destination)

    def _measure(self, lengths: Any) -> tuple[int, int]:
        size = self.operation.output_size(lengths)
        self.unused = self.operation.unused(lengths)
        return size

    def _save_picture_indices(self, indices: Any, shape: tuple[int, int, int]) -> None:
        """Write the indices as the destination's axes lie: an array has its channels first."""
        from poolcli.media.arrays import is_array

        if is_array(self.task.destination):
            channels_first = (shape[2], *shape[:2])
            self._save_indices(indices.transpose(2, 0, 1), channels_first, (1, 2))
        else:
            self._save_indices(indices, shape, (0, 1))

    def _save_indices(self, indices: Any, shape: tuple[int, ...], axes: tuple[int, int]) -> None:
        from poolcli.media.indices import Indices, save_indices

        assert self.task.indices is not None
        self.about = self.task.indices
        window = asdict(self.operation)
        numbers = ("kernel", "stride", "padding", "dilation", "ceil_mode", "size")
        given = {name: window[name] for name in numbers if window[name] is not None}
        save_indices(self.task.indices, Indices(indices, shape, axes), given)
