"""Notes below a board: what is drawn, where windows begin, and what is left out."""

from collections.abc import Sequence
from math import prod

from poolcli.core.geometry.stage import Stage
from poolcli.core.geometry.windows import AnyWindow
from poolcli.studies.explanation import Explanation, Spot
from poolcli.studies.number_map import CHANNELS
from poolcli.studies.shown_part import ShownPart
from poolcli.views.words.language import say, say_count
from poolcli.views.words.places import spot_text

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
        (max(0, drawn.start), min(length, drawn.stop) - 1)
        for drawn, length in zip(part.positions, explanation.map.values.shape, strict=True)
    ]
    (first_row, last_row), (first_column, last_column) = spans
    name, _, channel = explanation.map.label.rpartition(", ")
    return say(
        "{name}, rows {first_row} to {last_row}, columns {first_column} to {last_column}",
        name=say(", ").join(filter(None, [name, _channel(channel)])),
        first_row=first_row,
        last_row=last_row,
        first_column=first_column,
        last_column=last_column,
    )


def _channel(label: str) -> str:
    """Say the name of a channel; any other name is left as it is."""
    kind, _, number = label.partition(" ")
    if kind == "channel" and number.isdecimal():
        return say("channel {number}", number=number)
    return say(label) if label in CHANNELS else label


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
        text = f"at {name} {{places}}" if len(along) == 1 else f"at {name}s {{places}}"
        parts.append(say(text, places=", ".join(starts)))
    text = "{count} windows begin {places}"
    if partial:
        text = "{count} drawn windows begin {places}"
    listed = say(" and ").join([say(", ").join(parts[:-1]), parts[-1]])
    return [say(text, count=count, places=listed)]


def _cut(explanation: Explanation, part: ShownPart, picked: Spot) -> list[str]:
    """Tell what the whole of a window is that is drawn in part."""
    rows, columns = explanation.box(picked)
    if not part.cuts((rows, columns)):
        return []
    spans = [
        say("{first} to {last}", first=span.start, last=span.stop - 1).replace("-", "−")
        for span in (rows, columns)
    ]
    text = "window {name} is drawn in part: it spans rows {rows} and columns {columns}"
    return [say(text, name=spot_text(picked), rows=spans[0], columns=spans[1])]


def unused_text(stages: Sequence[Stage]) -> list[str]:
    """Count the rows and columns, and the planes, that are in no window."""
    lost = [
        say_count(stage.unused, f"1 {name}", f"{{count}} {name}s")
        for stage, name in zip(stages, _AXES[-len(stages) :], strict=True)
        if stage.unused
    ]
    return [say("{lines} unused: in no window", lines=say(" and ").join(lost))] if lost else []
