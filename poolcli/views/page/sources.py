"""The origin of a page's numbers, in words and in commands that read them again."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from poolcli.core.operations import OPERATIONS
from poolcli.jobs.operation import Operation
from poolcli.media.file_names import shown
from poolcli.studies.number_map import CLASSIC, NumberMap

__all__ = ["shrinking_words", "source_record"]

_TABLES = (".csv", ".tsv", ".txt")


def source_record(
    numbers: NumberMap,
    operation: Operation,
    source: Path | None,
    factor: tuple[int, int],
    words: Mapping[str, str],
) -> dict[str, Any]:
    """Tell the page how its numbers are called, and how poolcli and NumPy read them.

    Parameters
    ----------
    factor : (int, int)
        The kernel of the mean by which the picture was made smaller, (1, 1) for none.
    words : mapping
        Each English text in the page's language.
    """
    height, width = (n // f for n, f in zip(numbers.values.shape, factor, strict=True))
    smaller = factor != (1, 1)
    if source is None:
        classic = numbers.values.tolist() == [list(row) for row in CLASSIC]
        large = '--matrix "$(cat map.txt)"'
        return {
            "label": "",
            "note": shrinking_words(factor, (height, width), words) if smaller else "",
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
        "note": shrinking_words(factor, (height, width), words) if smaller else "",
        "reads": reads,
        "quoted": quoted,
        "classic": False,
        "channel": numbers.channel if reads == "array" else 0,
        "smaller": "",
        "pooled": "pooled.npy" if reads == "array" else "pooled.png",
    }
    if smaller and reads != "table":
        small = "small.npy" if reads == "array" else "small.png"
        kernel = "x".join(map(str, factor[: 1 + (factor[0] != factor[1])]))
        shrink = "mode" if OPERATIONS[operation.name].keeps_pixels else "avg"
        skip = "" if operation.skip is None else f" --skip {operation.skip}"
        skip += " --sparse" if operation.sparse else ""
        record["smaller"] = f"poolcli {shrink} {quoted} {small} -k {kernel}{skip}"
        record["quoted"] = name = small
    return record | {"tensor": _tensor(name, reads, numbers, (height, width))}


def shrinking_words(
    factor: tuple[int, int], size: tuple[int, int], words: Mapping[str, str]
) -> str:
    """Say how a picture is shown that is too large for a page."""
    text = "shown smaller, as {size}: each pixel stands for {factor}"
    sizes = {"size": "×".join(map(str, size)), "factor": "×".join(map(str, factor))}
    return words.get(text, text).format_map(sizes)


def _reads(source: Path) -> str:
    suffix = source.suffix.lower()
    if suffix in _TABLES:
        return "table"
    return "array" if suffix == ".npy" else "picture"


def _tensor(name: str, reads: str, numbers: NumberMap, size: tuple[int, int]) -> str:
    """Write the NumPy expression for the array (C, H, W) that a file holds."""
    quoted = json.dumps(name)
    if reads == "table":
        return f'np.genfromtxt({quoted}, delimiter=",")[None]'
    if reads == "array":
        return f"np.load({quoted}).reshape(-1, {size[0]}, {size[1]})[{numbers.channel}][None]"
    if numbers.frame.pixels.shape[2] == 1:
        return f"np.array(Image.open({quoted}))[None]"
    return f'np.array(Image.open({quoted}).convert("{numbers.frame.mode}")).transpose(2, 0, 1)'
