"""One plane of an array with axes, as the frame of a picture."""

import numpy as np

from poolcli.errors import PictureError
from poolcli.media.array_pictures import frame_from_array
from poolcli.media.picture import Frame
from poolcli.media.zarr_store.volume import Volume

__all__ = ["first_plane"]

_MOST_CHANNELS = 4


def first_plane(volume: Volume, limit: int | None) -> tuple[Frame, list[str]]:
    """Read the first plane with its channels, up to four; note what else there is.

    Parameters
    ----------
    limit : int, optional
        Most pixels.

    Raises
    ------
    PictureError
        If it has more pixels, or is not of a picture's dtype.
    """
    shape, names = volume.source.shape, [name.lower() for name in volume.names]
    if len(shape) < 2:
        raise PictureError(f"has shape {shape}; use an array of 2 or more axes")
    if not {"y", "x"} <= set(names):
        names = [*"tczyx"][-len(shape) :] if len(shape) != 3 else [*"cyx"]
    pixels = shape[names.index("y")] * shape[names.index("x")]
    if limit is not None and pixels > limit:
        raise PictureError(
            f"has {pixels} pixels, above the limit of {limit}; use a higher --level, "
            f"or --max-pixels {pixels}"
        )
    key, notes = [], []
    for name, length in zip(names, shape, strict=True):
        taken = length
        if name not in "yx":
            taken = length if name == "c" and length <= _MOST_CHANNELS else 1
        if taken < length:
            notes.append(f"the first of {length} along axis {name} was taken")
        key.append(slice(0, taken))
    x = volume.source[tuple(key)]
    order = [axis for axis, name in enumerate(names) if name not in "cyx"]
    order += [names.index(name) for name in "cyx" if name in names]
    planes = x.transpose(order).reshape(-1, *(shape[names.index(name)] for name in "yx"))
    return frame_from_array(np.ascontiguousarray(planes)), notes
