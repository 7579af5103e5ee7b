"""Notes below a board: what is drawn, where windows begin, and what is left out."""

from poolcli.studies.explanation import Explanation, Place
from poolcli.studies.shown_part import ShownPart
from poolcli.views.wording import counts_text

__all__ = ["footnotes", "is_partial", "source_text"]


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
