"""The explanation of a window, for the terminal."""

from textwrap import wrap

from rich.text import Text

from poolcli.studies.explanation import Explanation, Place
from poolcli.studies.shown_part import ShownPart
from poolcli.views.arithmetic import arithmetic, heading
from poolcli.views.box_drawing import draw_grid, join_blocks
from poolcli.views.cell_grid import CellGrid, input_grid, result_grid
from poolcli.views.wording import counts_text

__all__ = ["explanation_lines", "footnotes", "is_partial", "source_text", "width_of"]

_ARROW = "  →  "


def explanation_lines(
    explanation: Explanation,
    part: ShownPart,
    picked: Place,
    width: int,
    *,
    few_colours: bool = False,
) -> list[Text]:
    """Draw the map beside its result, with a heading, the arithmetic of one window and a legend.

    Parameters
    ----------
    part : ShownPart
        The part of the map, and of its result, that is drawn.
    picked : (int, int)
        The window to work out, by its place in the result.
    width : int
        Columns of the terminal; in fewer than `width_of` the result is below the map.
    """
    grid, result = input_grid(explanation, part, picked), result_grid(explanation, part, picked)
    left = draw_grid(grid, rulers=True, few_colours=few_colours)
    right = draw_grid(result, rulers=is_partial(explanation, part), few_colours=few_colours)
    lines = _wrapped(heading(explanation), width, "bold")
    if explanation.map.label:
        lines += _wrapped(source_text(explanation, part), width)
    lines.append(Text())
    if _together(left, right) <= width:
        lines += join_blocks(left, _ARROW, right)
    else:
        lines += [*left, Text(_ARROW), *right]
    lines.append(Text())
    for sentence in [*arithmetic(explanation, picked), *footnotes(explanation, part, picked)]:
        lines += _wrapped(sentence, width)
    if legend := _legend(grid):
        lines += [Text(), *_wrapped(legend, width, "dim")]
    return lines


def width_of(explanation: Explanation, part: ShownPart) -> int:
    """Measure the columns that a part of the map takes beside its result."""
    picked = next(part.places())
    return _together(
        draw_grid(input_grid(explanation, part, picked), rulers=True),
        draw_grid(result_grid(explanation, part, picked), rulers=is_partial(explanation, part)),
    )


def is_partial(explanation: Explanation, part: ShownPart) -> bool:
    """Tell whether only some of the windows are drawn, so that their places must be told."""
    return tuple(map(len, part.windows)) != explanation.size


def _together(left: list[Text], right: list[Text]) -> int:
    return sum(max(line.cell_len for line in block) for block in (left, right)) + len(_ARROW)


def source_text(explanation: Explanation, part: ShownPart) -> str:
    """Name the file, and the rows and columns of it that are drawn."""
    spans = [
        f"{name}s {max(0, drawn.start)} to {min(length, drawn.stop) - 1}"
        for name, drawn, length in zip(
            ("row", "column"), part.positions, explanation.map.values.shape, strict=True
        )
    ]
    return f"{explanation.map.label}, {spans[0]}, {spans[1]}"


def footnotes(explanation: Explanation, part: ShownPart, picked: Place) -> list[str]:
    """List where windows begin, if frames do not show it, and what is not drawn or not used."""
    return [
        *_windows_there_are(explanation, part),
        *_cut(explanation, part, picked),
        *_unused(explanation),
    ]


def _windows_there_are(explanation: Explanation, part: ShownPart) -> list[str]:
    high, wide = map(len, part.windows)
    if explanation.disjoint or high * wide == 1:
        return []
    parts = []
    for name, window, places in zip(
        ("row", "column"), explanation.windows, part.windows, strict=True
    ):
        starts = [str(window.start(o)).replace("-", "−") for o in places]
        if len(starts) > 6:
            starts[4:-1] = ["…"]
        parts.append(f"{name}{'s' * (len(places) != 1)} {', '.join(starts)}")
    drawn = "drawn windows" if is_partial(explanation, part) else "windows"
    return [f"{high * wide} {drawn} begin at {' and at '.join(parts)}"]


def _cut(explanation: Explanation, part: ShownPart, picked: Place) -> list[str]:
    """Tell what the whole of a window is that is drawn in part."""
    rows, columns = explanation.box(picked)
    if not part.cuts((rows, columns)):
        return []
    spans = [f"{span.start} to {span.stop - 1}".replace("-", "−") for span in (rows, columns)]
    return [
        f"window {picked[0]},{picked[1]} is drawn in part: it spans rows {spans[0]} "
        f"and columns {spans[1]}"
    ]


def _unused(explanation: Explanation) -> list[str]:
    down, across = explanation.stages
    lost = counts_text((down.unused, across.unused), ("row", "column"))
    return [f"{lost} unused: in no window"] if lost else []


def _legend(grid: CellGrid) -> str:
    texts = {
        "here": "[ ] winner",
        "elsewhere": "( ) winner of another window",
        "hole": "~ ~ dilation hole",
        "invisible": ": : invisible (alpha 0)",
        "missing": ": : missing",
        "padding": "░ padding",
        "overhang": "╳ ceil-mode overhang",
    }
    there = grid.kinds | grid.winners
    return "   ".join(text for name, text in texts.items() if name in there)


def _wrapped(text: str, width: int, style: str = "") -> list[Text]:
    return [Text(line, style) for line in wrap(text, max(width, 20), subsequent_indent="  ")]
