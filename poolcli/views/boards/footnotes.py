"""Notes below a board: what is drawn, where windows begin, and what is left out."""

from collections.abc import Sequence
from math import prod

from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow
from poolcli.studies.explanation import Explanation, Spot
from poolcli.studies.shown_part import ShownPart
from poolcli.views.wording import counts_text

__all__ = ["begin_text", "footnotes", "is_partial", "source_text", "unused_text"]

_AXES = ("plane", "row", "column")


def is_partial(explanation: Explanation, part: ShownPart) -> bool:
    """Tell whether only some of the windows are drawn, so that their places must be told."""
    return tuple(map(len, part.windows)) != explanation.size


def source_text(explanation: Explanation, part: ShownPart) -> str:
    """Name the file, and the rows and columns of it that are drawn; nothing if it has no name."""
    if not explanation.map.label:
        return ""
    spans = [
        f"{name}s {max(0, drawn.start)} to {min(length, drawn.stop) - 1}"
        for name, drawn, length in zip(
            ("row", "column"), part.positions, explanation.map.values.shape, strict=True
        )
    ]
    return f"{explanation.map.label}, {spans[0]}, {spans[1]}"


def footnotes(explanation: Explanation, part: ShownPart, picked: Spot) -> list[str]:
    """List where windows begin, if frames do not show it, and what is not drawn or not used."""
    return [
        *_windows_there_are(explanation, part),
        *_cut(explanation, part, picked),
        *unused_text(explanation.stages),
    ]


def _windows_there_are(explanation: Explanation, part: ShownPart) -> list[str]:
    if explanation.disjoint:
        return []
    partial = is_partial(explanation, part)
    return begin_text(explanation.windows, part.windows, partial=partial)


def begin_text(
    windows: Sequence[AnyWindow], places: Sequence[range], *, partial: bool
) -> list[str]:
    """Tell at which rows and columns windows begin, and at which planes if there are three axes."""
    count = prod(map(len, places))
    if count == 1:
        return []
    parts = []
    for name, window, along in zip(_AXES[-len(windows) :], windows, places, strict=True):
        starts = [str(window.start(o)).replace("-", "−") for o in along]
        if len(starts) > 6:
            starts[4:-1] = ["…"]
        parts.append(f"{name}{'s' * (len(along) != 1)} {', '.join(starts)}")
    drawn = "drawn windows" if partial else "windows"
    listed = " and ".join([", ".join(f"at {part}" for part in parts[:-1]), f"at {parts[-1]}"])
    return [f"{count} {drawn} begin {listed}"]


def _cut(explanation: Explanation, part: ShownPart, picked: Spot) -> list[str]:
    """Tell what the whole of a window is that is drawn in part."""
    rows, columns = explanation.box(picked)
    if not part.cuts((rows, columns)):
        return []
    spans = [f"{span.start} to {span.stop - 1}".replace("-", "−") for span in (rows, columns)]
    return [
        f"window {picked[0]},{picked[1]} is drawn in part: it spans rows {spans[0]} "
        f"and columns {spans[1]}"
    ]


def unused_text(stages: Sequence[Stage]) -> list[str]:
    """Count the rows and columns, and the planes, that are in no window."""
    lost = counts_text([stage.unused for stage in stages], _AXES[-len(stages) :])
    return [f"{lost} unused: in no window"] if lost else []
