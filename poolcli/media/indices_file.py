"""Indices of pooled values in a .npz file, which holds all that unpooling needs."""

import zipfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from poolcli.core.types import Array
from poolcli.errors import PictureError
from poolcli.media.array_headers import read_header
from poolcli.media.files import is_system_failure, open_seekable
from poolcli.media.options import MAX_PIXELS
from poolcli.media.replacing import FileUnit, atomic_write

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["Indices", "load_indices", "save_indices", "values_digest"]

_MOST_AXES = 64
"""Axes that an array of NumPy may have."""

_MOST_CHANNELS = 4
"""Values for each pixel of the limit that are restored at most."""

_NO_INDICES = "holds no indices; give the file that poolcli max … --indices wrote"

_DIGEST = 16
"""Bytes of a hash of values."""


@dataclass(frozen=True, slots=True)
class Indices:
    """The indices of a pooling, and the shape of its input.

    Attributes
    ----------
    indices : (..., H', W', ...) ndarray of int64
        Flat positions in each (H, W) plane; -1 for a window without a value.
    input_shape : tuple of int
    axes : (int, int)
        The axes of the input shape that are H and W.
    pooled : frozenset of bytes
        `values_digest` of the pooled values, and of the same as read from their file; empty where
        the file of the indices is too old to tell.
    """

    indices: Array
    input_shape: tuple[int, ...]
    axes: tuple[int, int]
    pooled: frozenset[bytes] = frozenset()


def values_digest(x: Array, *, picture: bool) -> bytes:
    """Hash values, whatever dtype of their kind holds them: equal for equal values.

    Parameters
    ----------
    x : (H, W, channels) ndarray or ndarray
    picture : bool
        Whether the channels come last, and not first.

    Examples
    --------
    >>> x = np.arange(12, dtype="u1").reshape(2, 2, 3)
    >>> one = values_digest(x, picture=True)
    >>> one == values_digest(x.transpose(2, 0, 1).astype("i4"), picture=False)
    True
    """
    from hashlib import blake2b

    if picture:
        x = np.moveaxis(x, -1, 0)
    plain = {"f": "<f8", "c": "<c16"}.get(x.dtype.kind, "<i8")
    digest = blake2b(plain.encode(), digest_size=_DIGEST)
    for index in np.ndindex(x.shape[:-1][:2]):  # in parts, so that no copy of all is made
        with np.errstate(all="ignore"):
            values = x[index].astype(plain)
        if values.dtype.kind in "fc":
            values[np.isnan(values)] = np.nan  # NaNs may differ in bits that nobody sees
        digest.update(values.tobytes())
    return digest.digest()


def save_indices(
    path: "Place",
    found: Indices,
    window: Mapping[str, Any],
    *,
    sync: bool = True,
    unit: FileUnit | None = None,
) -> None:
    """Write indices; also the window that they come from, for people who look into the file.

    Parameters
    ----------
    sync, unit
        As in `replacing.atomic_write`.

    Raises
    ------
    OSError
        If the folder cannot be written to or is full.
    """
    high, wide = (found.input_shape[axis] for axis in found.axes)
    dtype = np.int32 if high * wide <= np.iinfo(np.int32).max else np.int64
    with atomic_write(path, sync=sync, unit=unit) as file:
        items: dict[str, Any] = {
            "indices": found.indices.astype(dtype),
            "input_shape": np.array(found.input_shape),
            "axes": np.array(found.axes),
            "pooled": np.array([list(one) for one in sorted(found.pooled)], np.uint8),
            **{name: np.array(value) for name, value in window.items()},
        }
        _write_arrays(file, items)


def _write_arrays(file: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """As `numpy.savez`, which before NumPy 2.2 leaves its archive open when the disk is full."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def load_indices(
    path: "Place",
    pooled_shape: tuple[int, ...],
    max_pixels: int | None = MAX_PIXELS,
    *,
    picture: bool = False,
) -> Indices:
    """Read a file that `save_indices` wrote beside a pooled array of this shape.

    Nothing in the file is trusted: the headers of its members are checked before memory is asked
    for, and the shape to restore before anybody makes an array of it.

    Parameters
    ----------
    picture : bool
        Whether the pooled array is a picture (H, W, C), and not the array (C, H, W) that it may
        have been when the indices were written, or the other way round.

    Raises
    ------
    PictureError
        If the file is of another kind, damaged, written beside another shape, or asks for planes
        of more than ``max_pixels``.
    OSError
        If it cannot be opened.
    """
    try:
        with _opened(path) as opened, zipfile.ZipFile(opened) as archive:
            shape = _integers(archive, "input_shape", 0, _MOST_AXES)
            axes = _integers(archive, "axes", 2, 2)
            written, dtype = _header(archive, "indices")
            if dtype.kind != "i" or len(written) != len(shape):
                raise ValueError("not indices")
            high, wide = (axis + len(shape) if axis < 0 else axis for axis in axes)
            order = list(range(len(shape)))
            if picture or min(axes) >= 0:  # an array's own axes are counted from its end
                order = _order(len(shape), (high, wide), picture=picture)
            if tuple(written[axis] for axis in order) != pooled_shape:
                raise PictureError(
                    f"was written beside a pooled shape {_text(written, (high, wide) == (0, 1))}, "
                    f"and this one is {_text(pooled_shape, picture)}; "
                    "give the two files that belong together"
                )
            _check_shape(shape, written, (high, wide), max_pixels)
            digests = _digests(archive)
            with archive.open("indices.npy") as member:
                indices: Array = np.lib.format.read_array(member, allow_pickle=False)
    except (PictureError, MemoryError):
        raise
    except Exception as error:  # decompressors and the parser of headers raise almost anything
        if is_system_failure(error):
            raise
        raise PictureError(_NO_INDICES) from error
    axes = order.index(high), order.index(wide)
    shape = tuple(shape[axis] for axis in order)
    return Indices(indices.transpose(order).astype(np.int64), shape, axes, digests)


def _opened(path: "Place") -> AbstractContextManager[BinaryIO]:
    return path.open("rb") if isinstance(path, Path) else open_seekable(path)


def _order(rank: int, axes: tuple[int, int], *, picture: bool) -> list[int]:
    """Order the axes of indices as those of the pooled array, if that is a picture or was one."""
    if rank == 3 and picture and axes == (1, 2):
        return [1, 2, 0]
    if rank == 3 and not picture and axes == (0, 1):
        return [2, 0, 1]
    return list(range(rank))


def _text(shape: tuple[int, ...], channels_last: bool) -> str:
    """Format a shape with its channels first."""
    if channels_last and len(shape) == 3:
        shape = (shape[2], *shape[:2])
    return "×".join(map(str, shape))


def _header(archive: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Read shape and dtype of a member, and make sure that it is as long as they say."""
    with archive.open(f"{name}.npy") as member:
        try:
            shape, _, dtype = read_header(cast(BinaryIO, member))
        except PictureError as error:
            raise ValueError(name) from error
        length = archive.getinfo(f"{name}.npy").file_size - member.tell()
    if prod(shape) * dtype.itemsize != length:
        raise ValueError("not as long as its header says")
    return shape, dtype


def _integers(archive: zipfile.ZipFile, name: str, least: int, most: int) -> tuple[int, ...]:
    """Read a short list of integers."""
    shape, dtype = _header(archive, name)
    if len(shape) != 1 or not least <= shape[0] <= most or dtype.kind not in "iu":
        raise ValueError(f"{name} is not a list of integers")
    with archive.open(f"{name}.npy") as member:
        return tuple(map(int, np.lib.format.read_array(member, allow_pickle=False)))


def _digests(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """Read the hashes of the pooled values, which older files do not have."""
    if "pooled.npy" not in archive.namelist():
        return frozenset()
    shape, dtype = _header(archive, "pooled")
    if len(shape) != 2 or not 1 <= shape[0] <= 2 or shape[1] != _DIGEST or dtype != np.uint8:
        raise ValueError("not hashes")
    with archive.open("pooled.npy") as member:
        return frozenset(map(bytes, np.lib.format.read_array(member, allow_pickle=False)))


def _check_shape(
    shape: tuple[int, ...],
    written: tuple[int, ...],
    axes: tuple[int, int],
    max_pixels: int | None,
) -> None:
    """Refuse a shape to restore that no pooling can have come from."""
    if axes[0] == axes[1] or not all(0 <= axis < len(shape) for axis in axes):
        raise ValueError("not two axes")
    kept = [axis for axis in range(len(shape)) if axis not in axes]
    if any(shape[axis] != written[axis] for axis in kept) or min(shape) < 0:
        raise ValueError("not the shape of an input")
    pixels = shape[axes[0]] * shape[axes[1]]
    if pixels == 0:
        raise ValueError("an empty plane")
    if max_pixels is not None and pixels > max_pixels:
        raise PictureError(
            f"asks for planes of {pixels} pixels, more than {max_pixels}; if you trust the file, "
            f"use --max-pixels {pixels}"
        )
    values = prod(shape)
    if max_pixels is not None and values > _MOST_CHANNELS * max_pixels:
        raise PictureError(
            f"asks for {values} values, more than {_MOST_CHANNELS} for each of {max_pixels} "
            f"pixels; if you trust the file, use --max-pixels {-(-values // _MOST_CHANNELS)}"
        )
