"""The sensitivity to shifts, as a table and as a plot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise
from math import dist

from rich.cells import cell_len

from poolcli.studies.invariance import ShiftSensitivity
from poolcli.views.drawing.lettering import text_width, wrap_text
from poolcli.views.drawing.scene import Box, Item, Label, Line, Scene
from poolcli.views.titles import pooling_name
from poolcli.views.wording import pair_text
from poolcli.views.words.language import current_language, say

__all__ = ["sensitivity_plot", "sensitivity_table"]

_INK, _FAINT, _RULE, _GROUND = "#1d2430", "#667080", "#e3e6ea", "#ffffff"
_MARGIN, _WIDE, _HIGH, _GAP = 56, 440, 300, 96
_HEAD, _TITLE, _TEXT = 24.0, 18.0, 15.0

_FINEST = 0.01
"""The smallest step of an axis, one percent."""


@dataclass(frozen=True, slots=True)
class _Pen:
    """A colour, the weight of its line, and the marks at its points.

    Where two curves nearly coincide, both are to be seen: a dotted one lies over a broad one, and
    full dots in open rings.
    """

    colour: str
    weight: float
    ring: float = 0
    dotted: bool = False

    def draw(self, points: tuple[tuple[float, float], ...]) -> Iterator[Item]:
        """Draw a curve through these points, and a mark at each."""
        if self.dotted:
            for one, other in pairwise(points):
                yield from self._dashes(one, other)
        else:
            yield Line(points, self.colour, self.weight)
        half = self.ring or self.weight / 2 + 2.5
        for x, y in points:
            box = (x - half, y - half, 2 * half, 2 * half)
            if self.ring:
                yield Box(*box, _GROUND, self.colour, 2.5, radius=half)
            else:
                yield Box(*box, self.colour, radius=half)

    def _dashes(self, one: tuple[float, float], other: tuple[float, float]) -> Iterator[Item]:
        length = dist(one, other)
        for begin in range(0, int(length), 2 * _DASH):
            ends = (begin / length, min(1.0, (begin + _DASH) / length))
            (x0, y0), (x1, y1) = (
                (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)
                for share in ends
            )
            yield Line(((x0, y0), (x1, y1)), self.colour, self.weight)


_DASH = 7
_INPUT = _Pen("#8a94a3", 2)
_DENSE = _Pen("#f0a202", 5, ring=7)
_THIN = _Pen("#0077b6", 2.5, dotted=True)

_Curve = tuple[str, _Pen, Sequence[float]]


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def _strides(found: ShiftSensitivity) -> tuple[str, str]:
    return say("stride {size}", size=pair_text(found.stride)), say("stride {size}", size=1)


def _heading(name: str, found: ShiftSensitivity) -> str:
    return say(
        "{pooling} of {name}, kernel {kernel}, with the input shifted left",
        pooling=pooling_name(found.operation),
        name=name,
        kernel=pair_text(found.kernel),
    )


_MEASURE = (
    "Change: the mean difference from the unshifted result, in percent of that result's spread."
)


def sensitivity_table(name: str, found: ShiftSensitivity) -> list[str]:
    """Tabulate the changes in percent, and say in sentences what they mean."""
    thin, dense = _strides(found)
    heads = [say("shift"), say("input"), thin, dense, thin, dense]
    widths = [max(9, cell_len(head)) for head in heads]
    widths[0] = 5
    split = sum(widths[:4]) + 3 * 2
    place = say("in place")
    over = f"{'':7}{place}{' ' * (split - 7 - cell_len(place))}    {say('moved back')}"
    lines = [_heading(name, found), "", over.rstrip()]
    lines.append(_row(heads, widths))
    curves = (found.input, found.pooled, found.dense, found.pooled_moved, found.dense_moved)
    for shift in found.shifts:
        cells = [str(shift), *(_percent(curve[shift]) for curve in curves)]
        lines.append(_row(cells, widths))
    return [*lines, "", *_sentences(found), say(_MEASURE)]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        " " * (width - cell_len(cell)) + cell for cell, width in zip(cells, widths, strict=True)
    ]
    return "  ".join(padded[:4]) + "    " + "  ".join(padded[4:])


def _sentences(found: ShiftSensitivity) -> Iterator[str]:
    less = found.pooled[1] < found.input[1]
    text = "A shift by 1 pixel changes the input by {input}% and the pooled picture by {pooled}%: "
    yield say(
        text + ("less, but not zero; pooling is only roughly invariant." if less else "not less."),
        input=_percent(found.input[1]),
        pooled=_percent(found.pooled[1]),
    )
    more = [a for a, b, c in zip(found.shifts, found.pooled, found.input, strict=True) if b > c]
    if more:
        text = "From shift {shift} on, the pooled picture changes more than the input."
        yield say(text, shift=more[0])
    worst = max(found.shifts, key=lambda shift: found.pooled_moved[shift])
    thin, dense = _strides(found)
    if found.stride[1] == 1:
        text = "With stride 1 pooling is shift-equivariant: moved back, the result is the same."
        yield say(text)
    else:
        yield say(
            "Moved back by whole pooled pixels, the pooled picture still differs by up to {worst}% "
            "(shift {shift}) with {thin}, and by {least}% with {dense}: that is what the stride "
            "costs.",
            worst=_percent(found.pooled_moved[worst]),
            shift=worst,
            thin=thin,
            least=_percent(max(found.dense_moved)),
            dense=dense,
        )


def sensitivity_plot(name: str, found: ShiftSensitivity) -> Scene:
    """Draw two plots side by side: the change in place, and what remains of it when moved back."""
    thin, dense = _strides(found)
    curves: list[_Curve] = [
        (say("input"), _INPUT, found.input),
        (dense, _DENSE, found.dense),
        (thin, _THIN, found.pooled),
    ]
    moved: list[_Curve] = [(dense, _DENSE, found.dense_moved), (thin, _THIN, found.pooled_moved)]
    left, right = _MARGIN + 34, _MARGIN + 34 + _WIDE + _GAP
    width = right + _WIDE + _MARGIN
    scene = Scene(width, 0, _GROUND, _heading(name, found))
    items = scene.items
    items.append(Label(_MARGIN, 76, scene.title, _HEAD, _INK, bold=True))
    x = float(_MARGIN)
    for label, pen, _ in curves:
        items += pen.draw(((x, 107), (x + 44, 107)))
        items.append(Label(x + 58, 112, label, _TEXT, _INK))
        x += 58 + text_width(label, _TEXT) + 32
    top, highest = 184.0, _nice(max(max(curve[2]) for curve in curves))
    items += _axes(say("In place"), left, top, highest, found.shifts)
    items += _axes(say("Moved back by whole pooled pixels"), right, top, highest, found.shifts)
    items += _lines(curves, left, top, highest)
    items += _lines(moved, right, top, highest)
    y = top + _HIGH + 92
    measure = say(_MEASURE)
    for sentence in (*_sentences(found), measure):
        for line in wrap_text(sentence, _TEXT, 0.87 * (width - 2 * _MARGIN)):
            items.append(Label(_MARGIN, y, line, _TEXT, _FAINT if sentence == measure else _INK))
            y += 23
        y += 3
    return replace(scene, height=round(y + _MARGIN - 24), lang=current_language())


def _nice(value: float) -> float:
    """Round up to whole steps of a round size, 5 of them or fewer."""
    step = next(step for step in _round_steps() if step > _FINEST and 5 * step >= value)
    return step * max(1, -(-value // step))


def _round_steps() -> Iterator[float]:
    """Yield round numbers, ever larger: nothing bounds how much one picture changes."""
    yield from (_FINEST, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
    for exponent in count():
        yield from (digit * 10.0**exponent for digit in (1, 2, 5))


def _axes(
    title: str, left: float, top: float, highest: float, shifts: Sequence[int]
) -> Iterator[Item]:
    yield Label(left - 34, top - 26, title, _TITLE, _INK, bold=True)
    step = next(step for step in _round_steps() if highest / step <= 5.001)
    for number in range(round(highest / step) + 1):
        y = top + _HIGH * (1 - number * step / highest)
        yield Box(left, round(y), _WIDE, 1, _FAINT if number == 0 else _RULE)
        sign = "%" if number == round(highest / step) else ""
        yield Label(left - 10, y + 5, f"{100 * number * step:g}{sign}", 13.0, _FAINT, "end")
    for shift in shifts:
        x = left + _WIDE * shift / shifts[-1]
        yield Label(x, top + _HIGH + 22, str(shift), 13.0, _FAINT, "middle")
    yield Label(left + _WIDE / 2, top + _HIGH + 46, say("shift in pixels"), 13.0, _FAINT, "middle")


def _lines(curves: Sequence[_Curve], left: float, top: float, highest: float) -> Iterator[Item]:
    for _, pen, values in curves:
        yield from pen.draw(
            tuple(
                (left + _WIDE * shift / (len(values) - 1), top + _HIGH * (1 - value / highest))
                for shift, value in enumerate(values)
            )
        )
