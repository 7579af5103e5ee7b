"""Results, shapes, counts and numbers in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from poolcli.jobs.result import Result
from poolcli.media.file_names import escaped, shown

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = [
    "counts_text",
    "error_text",
    "note_lines",
    "number_text",
    "pair_text",
    "plural",
    "result_line",
    "shape_text",
]


_NOUNS = {"Y": "row", "X": "column"}


def result_line(result: Result) -> str:
    """Format a result as one line: ``out.png: 3×201×250 → 3×98×123 (1 row unused)``."""
    if result.skipped is not None:
        begun = bool(result.output_shape)  # as a part of it
        why = result.skipped if begun else f"skipped ({result.skipped})"
        return f"{shown(result.destination)}: {why}"
    line = (
        f"{shown(result.destination)}: {_named_shape(result, result.input_shape)} → "
        f"{_named_shape(result, result.output_shape)}"
    )
    axes = result.pooling.axes if result.pooling is not None else None
    nouns = [_NOUNS.get(name, f"of {name}") for name in axes or "YX"]
    unused = counts_text(result.unused, nouns)
    return f"{line} ({unused} unused)" if unused else line


def _named_shape(result: Result, shape: Sequence[int]) -> str:
    """Format a shape; lengths of axes that have names come after these."""
    axes = result.pooling.axes if result.pooling is not None else None
    if result.letters:
        return "×".join(map("{}{}".format, result.letters, shape))
    if axes is None or result.first_axis is None:
        return shape_text(shape)
    names = dict(enumerate(axes, result.first_axis))
    return "×".join(f"{names.get(axis, '')}{length}" for axis, length in enumerate(shape))


def error_text(error: str, *paths: "Place") -> str:
    r"""Format an error as one line; the path that it begins with is one of these, if any.

    >>> from pathlib import Path
    >>> error_text("a\n.png: is empty", Path("a\n.png"))
    "$'a\\n.png': is empty"
    """
    for path in paths:
        if error.startswith(f"{path}: "):
            error = shown(path) + error.removeprefix(str(path))
            break
    return escaped(error)


def note_lines(result: Result) -> list[str]:
    """Format the notes of a result, each on one line."""
    return [escaped(f"poolcli: note: {shown(result.source)}: {note}") for note in result.notes]


def shape_text(shape: Sequence[int]) -> str:
    """Format a shape as people write it.

    >>> shape_text((3, 201, 250))
    '3×201×250'
    """
    return "×".join(map(str, shape))


def pair_text(pair: Sequence[int]) -> str:
    """Format a height and width, or a number of other axes, as one number where they are equal.

    >>> pair_text((6, 6)), pair_text((6, 4))
    ('6', '6×4')
    """
    return str(pair[0]) if len(set(pair)) == 1 else shape_text(pair)


def plural(count: int, noun: str) -> str:
    """Format a count with its noun.

    >>> plural(1, "row"), plural(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count} {noun}{'s' * (count != 1)}"


def counts_text(counts: Sequence[int], nouns: Sequence[str]) -> str:
    """Format counts in words, leaving out those of 0.

    >>> counts_text((1, 2), ("row", "column"))
    '1 row and 2 columns'
    """
    pairs = zip(counts, nouns, strict=True)
    return " and ".join(_counted(count, noun) for count, noun in pairs if count)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if noun.startswith("of ") else plural(count, noun)


def number_text(value: float) -> str:
    """Format a value briefly, for a grid of numbers.

    >>> [number_text(value) for value in (3, 3.25, 2 / 3, -0.5, 1e-7, float("-inf"))]
    ['3', '3.25', '0.67', '−0.5', '1e−07', '−∞']
    """
    if value == int(value) if abs(value) < 1e15 else False:
        text = str(int(value))
    elif 0.01 <= abs(value) < 1e6:
        # Eighths are common in means, and exact with one more digit.
        digits = 3 if value * 8 == int(value * 8) else 2
        text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:.2g}"
    return text.replace("-", "−").replace("inf", "∞")
