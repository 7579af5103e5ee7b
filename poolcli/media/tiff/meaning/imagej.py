"""ImageJ's description of a stack, and the labels and tables beside it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from poolcli.media.tiff.extra import library
from poolcli.media.tiff.meaning.grid import Grid
from poolcli.media.tiff.meaning.raw_tags import RawTag

__all__ = ["kept_imagej", "rewrite_description"]

_COUNTS = ("images", "channels", "slices", "frames", "hyperstack", "loop")
_AXES = {
    "Z": ("slices", "spacing", "", "zorigin"),
    "T": ("frames", "finterval", "fps", ""),
    "C": ("channels", "", "", ""),
    "I": ("images", "", "", ""),
}
"""Keys of the number of planes along an axis, their distance, its inverse, and the origin."""

_KEPT = ("Info", "Labels", "Ranges", "LUTs")
_DROPPED = {"ROI": "ImageJ selection", "Overlays": "ImageJ overlays", "Plot": "ImageJ plot"}


def rewrite_description(text: str, grid: Grid, *, one_plane: bool = False) -> str:
    r"""Let ImageJ's description count the pooled pixels from the origin of its coordinates.

    Parameters
    ----------
    one_plane : bool
        Whether one plane of the stack alone was taken.

    Examples
    --------
    >>> rewrite_description("ImageJ=1.53\nimages=3\nxorigin=4\n", Grid(2, 2, (2, 2), (1, 1)))
    'ImageJ=1.53\nimages=3\nxorigin=1.75\nyorigin=-0.25\n'
    """
    lines = {}
    for line in text.rstrip("\0").splitlines():
        key, mark, value = line.partition("=")
        if mark and not (one_plane and key in _COUNTS):
            lines[key] = value
    (down, across), (top, left) = grid.steps, grid.corners
    for key, step, corner in (("xorigin", across, left), ("yorigin", down, top)):
        with suppress(ValueError):
            origin = (float(lines.get(key, 0)) - corner) / step
            if origin or key in lines:
                lines[key] = f"{origin:.15g}"
    if grid.lines:
        _count(lines, grid)
    if one_plane:
        first, *others = lines.items()
        lines = dict([first, ("images", "1"), *others])
    return "".join(f"{key}={value}\n" for key, value in lines.items())


def _count(lines: dict[str, str], grid: Grid) -> None:
    """Count the planes that are pooled along axes of their own, and their distances."""
    for line in grid.lines:
        names = _AXES.get(line.axis)
        if names is None:
            continue
        count, distance, rate, origin = names
        before = int(lines.get(count, 1))
        lines[count] = str(line.size)
        lines["images"] = str(int(lines.get("images", before)) // before * line.size)
        with suppress(ValueError):
            if distance in lines:
                lines[distance] = f"{float(lines[distance]) * line.step:.15g}"
            if rate in lines:
                lines[rate] = f"{float(lines[rate]) / line.step:.15g}"
            if origin in lines:
                lines[origin] = f"{(float(lines[origin]) - line.corner) / line.step:.15g}"


def kept_imagej(
    metadata: Mapping[str, Any], plane: int | None, order: str, pooled: str = ""
) -> tuple[list[RawTag], list[str]]:
    """Make the tags of labels and tables; name what counts old pixels and is left out.

    Parameters
    ----------
    plane : int, optional
        The only plane that was taken.
    pooled : str
        Letters of the axes that planes are pooled along.
    order : str
        Byte order of the file to be, "<" or ">".
    """
    kept = {key: metadata[key] for key in _KEPT if key in metadata}
    if plane is not None and "Labels" in kept:
        kept["Labels"] = kept["Labels"][plane : plane + 1]
    if plane is not None:
        kept.pop("LUTs", None)
        kept.pop("Ranges", None)
    lost = [name for key, name in _DROPPED.items() if key in metadata]
    stale = {"Labels": "ImageJ labels"} if pooled else {}
    if "C" in pooled:
        stale |= {"LUTs": "ImageJ colours of channels", "Ranges": "ImageJ ranges of channels"}
    lost += [name for key, name in stale.items() if kept.pop(key, None) is not None]
    made = library().imagej_metadata_tag(kept, order) if kept else ()
    tags = []
    for code, kind, count, value, _ in made:
        raw = value if isinstance(value, bytes) else _packed(value, order)
        tags.append(RawTag(code, int(kind), count, raw, True))
    return tags, lost


def _packed(values: Any, order: str) -> bytes:
    import numpy as np

    return np.asarray(values, f"{order}u4").tobytes()
