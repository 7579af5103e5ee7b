"""The arithmetic of one window, written out."""

from collections import Counter
from fractions import Fraction
from math import isfinite
from typing import Any

from poolcli.core.operations import OPERATIONS
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation, Place
from poolcli.views.wording import number_text, pair_text, plural

__all__ = ["arithmetic", "heading", "window_words"]

_SHOWN = 24
"""Number of taps up to which all are written out; a longer sum would not be read."""


def heading(explanation: Explanation) -> str:
    """Format the heading of an explanation: ``max, kernel 2, stride 2: 4×4 → 2×2``."""
    operation = explanation.operation
    before = "×".join(map(str, explanation.map.values.shape))
    after = "×".join(map(str, explanation.size))
    return f"{operation.name}, {window_words(operation)}: {before} → {after}"


def window_words(operation: Operation) -> str:
    """Describe the window of an operation: ``kernel 3, stride 2, padding 1``."""
    if operation.size is not None:
        return "global" if operation.size == (1, 1) else f"to size {pair_text(operation.size)}"
    assert operation.kernel is not None
    words = [f"kernel {pair_text(operation.kernel)}"]
    words.append(f"stride {pair_text(operation.stride or operation.kernel)}")
    if operation.padding != (0, 0):
        words.append(f"padding {pair_text(operation.padding)}")
    if operation.dilation != (1, 1):
        words.append(f"dilation {pair_text(operation.dilation)}")
    if operation.ceil_mode:
        words.append("ceil mode")
    return ", ".join(words)


def arithmetic(explanation: Explanation, at: Place) -> list[str]:
    """Write out the arithmetic of one window, in sentences.

    Examples
    --------
    >>> import numpy as np
    >>> from poolcli.studies.explanation import CLASSIC, NumberMap
    >>> from poolcli.jobs.operation import Operation
    >>> told = Explanation(NumberMap(np.array(CLASSIC, float)), Operation("avg", (2, 2)))
    >>> arithmetic(told, (0, 0))
    ['window 0,0: (1 + 3 + 4 + 6) / 4 = 14 / 4 = 3.5']
    """
    taps, values = explanation.taps(at), explanation.values(at)
    result = number_text(explanation.result[at])
    name = explanation.operation.name
    if not values:
        told = f"every tap lies outside the map, so the result is {result}"
    else:
        told = _sentence(explanation, at, values)
    lines = [f"window {at[0]},{at[1]}: {told}"]
    winner = explanation.winner(at)
    if winner is not None:
        row, column = (a + b for a, b in zip(explanation.map.origin, winner, strict=True))
        lines[0] += f", found at row {row}, column {column}"
    kinds = Counter(tap.kind for tap in taps)
    if padded := kinds["padding"]:
        lines.append(
            f"{padded} of {plural(len(taps), 'tap')} in the padding: {_padding(explanation)}"
        )
    if over := kinds["overhang"]:
        effect = "not counted" if OPERATIONS[name].is_mean else "ignored"
        lines.append(f"{over} of {plural(len(taps), 'tap')} in the overhang: {effect}")
    return lines


def _sentence(explanation: Explanation, at: Place, values: list[Any]) -> str:
    traits = OPERATIONS[explanation.operation.name]
    if traits.tells_indices:
        return _extreme(explanation, at, values)
    if traits.is_mean:
        return (_gem if traits.takes_power else _mean)(explanation, at, values)
    return (_mode if traits.keeps_pixels else _median)(explanation, at, values)


def _padding(explanation: Explanation) -> str:
    operation = explanation.operation
    if not OPERATIONS[operation.name].is_mean:
        return "ignored"
    if operation.divisor_override is not None:
        return "adding nothing to the sum"
    return "counted as zeros" if operation.count_include_pad else "not counted"


def _listed(values: list[Any], sign: str) -> str:
    texts = [_bracketed(value) if "+" in sign else number_text(value) for value in values]
    if len(texts) > _SHOWN:
        texts[_SHOWN - 3 : -1] = [f"… {len(texts) - _SHOWN + 2} more …"]
    return sign.join(texts)


def _bracketed(value: Any) -> str:
    return f"({number_text(value)})" if value < 0 else number_text(value)


def _extreme(explanation: Explanation, at: Place, values: list[Any]) -> str:
    name = explanation.operation.name
    return f"{name}({_listed(values, ', ')}) = {number_text(explanation.result[at])}"


def _mean(explanation: Explanation, at: Place, values: list[Any]) -> str:
    divisor = explanation.divisor(at)
    total = _sum(values)
    words = f"({_listed(values, ' + ')}) / {divisor} = {number_text(float(total))} / {divisor}"
    return words + _rounded(explanation, at, float(total / divisor))


def _sum(values: list[Any]) -> Any:
    """Sum values, exactly where they are integers."""
    if values[0].dtype.kind in "biu":
        return Fraction(sum(map(int, values)))
    return sum(map(float, values))


def _rounded(explanation: Explanation, at: Place, exact: float) -> str:
    result = explanation.result[at]
    if explanation.result.dtype.kind == "f" or exact == result:
        return f" = {number_text(result)}"
    if abs(exact - float(result)) > 0.5:
        return f" = {number_text(exact)}, clipped to {number_text(result)}"
    return f" = {number_text(exact)}, rounded half up to {number_text(result)}"


def _median(explanation: Explanation, at: Place, values: list[Any]) -> str:
    ordered = sorted(values)
    middle = (len(values) + 1) // 2
    which = "median" if len(values) % 2 else "lower median"
    place = f"{_ordinal(middle)} of {len(values)}"
    result = number_text(explanation.result[at])
    return f"sorted {_listed(ordered, ' ')}; the {which} ({place}) is {result}"


def _ordinal(position: int) -> str:
    if position % 100 in (11, 12, 13):
        return f"{position}th"
    return f"{position}{({1: 'st', 2: 'nd', 3: 'rd'}).get(position % 10, 'th')}"


def _mode(explanation: Explanation, at: Place, values: list[Any]) -> str:
    counts = Counter(map(float, values))
    most = max(counts.values())
    told = [f"{number_text(value)} {_times(count)}" for value, count in counts.items()]
    if len(told) > 8:
        told[7:] = ["…"]
    tied = sum(count == most for count in counts.values()) > 1
    result = number_text(explanation.result[at])
    verdict = f"tied, so the first one wins: {result}" if tied else f"the commonest is {result}"
    return f"{', '.join(told)}; {verdict}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _gem(explanation: Explanation, at: Place, values: list[Any]) -> str:
    power = explanation.operation.power
    divisor = explanation.divisor(at)
    p = number_text(power)
    powers = _listed(values, f"^{p} + ")
    told = _rounded(explanation, at, _gem_exactly(explanation, at))
    return f"(({powers}^{p}) / {divisor})^(1/{p}){told}"


def _gem_exactly(explanation: Explanation, at: Place) -> float:
    """Compute the mean before rounding; the rounded result where a float would overflow."""
    values, power = [float(value) for value in explanation.values(at)], explanation.operation.power
    largest = max(values)
    result = float(explanation.result[at])
    if largest <= 0 or min(values) < 0 or not isfinite(power) or (power < 0 and min(values) == 0):
        return result
    try:
        total = sum((value / largest) ** power for value in values)
        return float(largest * (total / explanation.divisor(at)) ** (1 / power))
    except (OverflowError, ZeroDivisionError):
        return result
