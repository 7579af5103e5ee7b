"""The origin of a page's numbers, in words and in commands that read them again."""

import json
import shlex
from pathlib import Path
from typing import Any

from poolcli.core.operations import OPERATIONS
from poolcli.jobs.operation import Operation
from poolcli.media.file_names import shown
from poolcli.studies.number_map import CLASSIC, NumberMap
from poolcli.views.wording import shape_text

__all__ = ["SMALLER", "source_record"]

SMALLER = "shown smaller, as {size}: each pixel stands for {factor}"
"""A note on a picture that is too large for a page."""

_TABLES = (".csv", ".tsv", ".txt")


def source_record(
    numbers: NumberMap,
    operation: Operation,
    source: Path | None,
    factor: tuple[int, int],
) -> dict[str, Any]:
    """Tell the page how its numbers are called, and how poolcli and NumPy read them.

    Parameters
    ----------
    factor : (int, int)
        The kernel of the mean by which the picture was made smaller, (1, 1) for none.
    """
    size = [n // f for n, f in zip(numbers.values.shape, factor, strict=True)]
    smaller = factor != (1, 1)
    shrunk = {"size": shape_text(size), "factor": shape_text(factor)} if smaller else None
    if source is None:
        classic = numbers.values.tolist() == [list(row) for row in CLASSIC]
        large = '--matrix "$(cat map.txt)"'
        return {
            "label": "",
            "shrunk": shrunk,
            "reads": "numbers",
            "quoted": large,
            "classic": classic,
            "tensor": 'np.loadtxt("map.txt")[None]',
        }
    name, reads = source.name, _reads(source)
    # A name that begins with a dash would be taken for an option.
    plain = f"./{name}" if name.startswith("-") and name != "-" else name
    quoted = shown(plain) if shown(plain) != plain else shlex.quote(plain)
    record = {
        "label": numbers.label if reads != "picture" else shown(name),
        "shrunk": shrunk,
        "reads": reads,
        "quoted": quoted,
        "classic": False,
        "channel": numbers.channel if reads == "array" else 0,
        "smaller": "",
        "pooled": f"pooled{_suffix(reads, numbers)}",
    }
    if smaller and reads != "table":
        small = f"small{_suffix(reads, numbers)}"
        kernel = "x".join(map(str, factor[: 1 + (factor[0] != factor[1])]))
        shrink = "mode" if OPERATIONS[operation.name].keeps_pixels else "avg"
        skip = "" if operation.skip is None else f" --skip {operation.skip}"
        skip += " --sparse" if operation.sparse else ""
        record["smaller"] = f"poolcli {shrink} {quoted} {small} -k {kernel}{skip}"
        record["quoted"] = name = small
    return record | {"tensor": _tensor(name, reads, numbers, size)}


def _reads(source: Path) -> str:
    suffix = source.suffix.lower()
    if suffix in _TABLES:
        return "table"
    return "array" if suffix == ".npy" else "picture"


def _suffix(reads: str, numbers: NumberMap) -> str:
    """Choose the ending of a name under which the values are kept as they are."""
    if reads == "array":
        return ".npy"
    pixels = numbers.frame.pixels
    in_png = numbers.frame.mode != "CMYK" and pixels.dtype.kind in "bu" and pixels.itemsize <= 2
    return ".png" if in_png else ".tif"


def _tensor(name: str, reads: str, numbers: NumberMap, size: list[int]) -> str:
    """Write the NumPy expression for the array (C, H, W) that a file holds."""
    quoted = json.dumps(name)
    if reads == "table":
        return f'np.genfromtxt({quoted}, delimiter=",")[None]'
    if reads == "array":
        return f"np.load({quoted}).reshape(-1, {size[0]}, {size[1]})[{numbers.channel}][None]"
    if numbers.frame.pixels.shape[2] == 1:
        return f"np.array(Image.open({quoted}))[None]"
    return f'np.array(Image.open({quoted}).convert("{numbers.frame.mode}")).transpose(2, 0, 1)'
