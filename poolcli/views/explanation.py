"""The explanation of a window, for the terminal."""

from textwrap import wrap

from rich.text import Text

from poolcli.studies.explanation import Explanation, Place
from poolcli.views.arithmetic import arithmetic, heading
from poolcli.views.box_drawing import draw_grid, join_blocks
from poolcli.views.cell_grid import CellGrid, input_grid, result_grid
from poolcli.views.wording import counts_text

__all__ = ["explanation_lines", "footnotes", "source_text", "width_of"]

_ARROW = "  →  "


def explanation_lines(
    explanation: Explanation, picked: Place, width: int, *, few_colours: bool = False
) -> list[Text]:
    """Draw the map beside its result, with a heading, the arithmetic of one window and a legend.

    Parameters
    ----------
    picked : (int, int)
        The window to work out, by its place in the result.
    width : int
        Columns of the terminal; in fewer than `width_of` the result is below the map.
    """
    grid, result = input_grid(explanation, picked), result_grid(explanation, picked)
    left = draw_grid(grid, rulers=True, few_colours=few_colours)
    right = draw_grid(result, rulers=False, few_colours=few_colours)
    lines = _wrapped(heading(explanation), width, "bold")
    if explanation.map.label:
        lines += _wrapped(source_text(explanation), width)
    lines.append(Text())
    if _together(left, right) <= width:
        lines += join_blocks(left, _ARROW, right)
    else:
        lines += [*left, Text(_ARROW), *right]
    lines.append(Text())
    for sentence in [*arithmetic(explanation, picked), *footnotes(explanation)]:
        lines += _wrapped(sentence, width)
    if legend := _legend(grid):
        lines += [Text(), *_wrapped(legend, width, "dim")]
    return lines


def width_of(explanation: Explanation) -> int:
    """Measure the columns that the map beside its result takes."""
    picked = (0, 0)
    return _together(
        draw_grid(input_grid(explanation, picked), rulers=True),
        draw_grid(result_grid(explanation, picked), rulers=False),
    )


def _together(left: list[Text], right: list[Text]) -> int:
    return sum(max(line.cell_len for line in block) for block in (left, right)) + len(_ARROW)


def source_text(explanation: Explanation) -> str:
    """Name the part of the file that the map was taken from."""
    (row, column), (high, wide) = explanation.map.origin, explanation.map.values.shape
    return (
        f"{explanation.map.label}, rows {row} to {row + high - 1}, "
        f"columns {column} to {column + wide - 1}, pooled on their own"
    )


def footnotes(explanation: Explanation) -> list[str]:
    """List where windows begin, if frames do not show it, and what is in no window."""
    return [*_windows_there_are(explanation), *_unused(explanation)]


def _windows_there_are(explanation: Explanation) -> list[str]:
    if explanation.disjoint or explanation.size == (1, 1):
        return []
    parts = []
    for name, window, size, first in zip(
        ("row", "column"),
        explanation.windows,
        explanation.size,
        explanation.map.origin,
        strict=True,
    ):
        starts = [str(first + window.start(o)).replace("-", "−") for o in range(size)]
        if len(starts) > 6:
            starts[4:-1] = ["…"]
        parts.append(f"{name}{'s' * (size != 1)} {', '.join(starts)}")
    high, wide = explanation.size
    return [f"{high * wide} windows begin at {' and at '.join(parts)}"]


def _unused(explanation: Explanation) -> list[str]:
    down, across = explanation.stages
    lost = counts_text((down.unused, across.unused), ("row", "column"))
    return [f"{lost} unused: in no window"] if lost else []


def _legend(grid: CellGrid) -> str:
    texts = {
        "here": "[ ] winner",
        "elsewhere": "( ) winner of another window",
        "hole": "~ ~ dilation hole",
        "padding": "░ padding",
        "overhang": "╳ ceil-mode overhang",
    }
    there = grid.kinds | grid.winners
    return "   ".join(text for name, text in texts.items() if name in there)


def _wrapped(text: str, width: int, style: str = "") -> list[Text]:
    return [Text(line, style) for line in wrap(text, max(width, 20), subsequent_indent="  ")]
