"""The arithmetic of one window, written out."""

from collections import Counter
from fractions import Fraction
from math import isclose, isfinite, nan
from operator import mul
from typing import Any

import numpy as np

from poolcli.core.geometry.arguments import checked_share
from poolcli.core.operations import OPERATIONS
from poolcli.core.types import Array
from poolcli.studies.explanation import Explanation, Spot
from poolcli.views.wording import number_text
from poolcli.views.words.language import say, say_count
from poolcli.views.words.places import place_text, window_text

__all__ = ["arithmetic", "written_sum"]

_SHOWN = 24
"""Number of taps up to which all are written out; a longer sum would not be read."""


def arithmetic(explanation: Explanation, at: Spot) -> list[str]:
    """Write out the arithmetic of one window, in sentences.

    Examples
    --------
    >>> import numpy as np
    >>> from poolcli.studies.number_map import CLASSIC, NumberMap
    >>> from poolcli.jobs.operation import Operation
    >>> told = Explanation(NumberMap.of(np.array(CLASSIC, float)), Operation("avg", (2, 2)))
    >>> arithmetic(told, (0, 0))
    ['window 0,0: (1 + 3 + 4 + 6) / 4 = 14 / 4 = 3.5']
    """
    told = _told(explanation, at)
    winner = explanation.found_at(at)
    if winner is not None:
        told = say("{told}, found at {place}", told=told, place=place_text(winner))
    return [window_text(at, told), *_taps(explanation, at)]


def _taps(explanation: Explanation, at: Spot) -> list[str]:
    """Tell of the taps that are not like others: how many there are, and what they do."""
    counts, lines = explanation.counts(at), []
    taps = say_count(sum(counts), "1 tap", "{count} taps")

    def add(text: str, count: int, effect: str) -> None:
        if count:
            lines.append(say(text, count=count, taps=taps, effect=effect))

    if (alphas := explanation.alphas(at)) is not None:
        hidden = int((alphas == 0).sum())
        add("{count} of {taps} invisible (alpha 0): {effect}", hidden, _invisible(explanation))
    absent = int((~explanation.present(at)).sum())
    add("{count} of {taps} missing: {effect}", absent, say("no vote"))
    add("{count} of {taps} in the padding: {effect}", counts.padding, _padding(explanation))
    effect = say("not counted") if _is_mean(explanation) else say("ignored")
    add("{count} of {taps} in the overhang: {effect}", counts.overhang, effect)
    return lines


def _told(explanation: Explanation, at: Spot) -> str:
    traits = OPERATIONS[explanation.operation.name]
    values, alphas = explanation.values(at), explanation.alphas(at)
    result = number_text(explanation.result[at])
    if not len(values):
        return say("every tap lies outside the map, so the result is {result}", result=result)
    there = explanation.present(at)
    if explanation.is_lacking(at):
        why = _lacking(explanation, there)
        return say("{why}, so the result is {result}, missing", why=why, result=result)
    if traits.keeps_pixels:
        return _mode(explanation, at)
    values = values[there]
    if alphas is not None:
        values, alphas = values[alphas > 0], alphas[alphas > 0]
        if not len(values):
            return say("nothing is visible, so the result is {result}", result=result)
    if traits.tells_indices:
        return f"{explanation.operation.name}({_listed(_texts(values), ', ')}) = {result}"
    if traits.takes_dtype:
        return _measure(explanation.operation.name, values, explanation, at)
    if not traits.is_mean:
        share = explanation.operation.quantile if traits.takes_quantile else 0.5
        return _median(values, result, share)
    return (_gem if traits.takes_power else _mean)(explanation, at, values, alphas)


def _lacking(explanation: Explanation, there: Array) -> str:
    if not there.any():
        return say("every value is missing")
    share = number_text(explanation.operation.min_valid or 0)
    return say(
        "{count} of {all} values are there, and a share of {share} has to be",
        count=there.sum(),
        all=len(there),
        share=share,
    )


def _is_mean(explanation: Explanation) -> bool:
    return OPERATIONS[explanation.operation.name].is_mean


def _invisible(explanation: Explanation) -> str:
    return say("compared as 0" if explanation.operation.name == "mode" else "no vote")


def _padding(explanation: Explanation) -> str:
    operation = explanation.operation
    if not _is_mean(explanation) or explanation.weighs_alpha:
        return say("ignored")
    if operation.divisor_override is not None:
        return say("adding nothing to the sum")
    return say("counted as zeros" if explanation.counts_zeros else "not counted")


def _texts(values: Array) -> list[str]:
    return [number_text(value) for value in values[:_SHOWN]] + [""] * (len(values) - _SHOWN)


def _terms(values: Array, after: str, alphas: Array | None) -> list[str]:
    """Write the terms of a sum: values, each with what comes after it and its weight."""
    texts = []
    for number, value in enumerate(values[:_SHOWN]):
        text = number_text(value)
        text = f"({text})" if value < 0 else text
        weight = "" if alphas is None else f"·{number_text(alphas[number])}"
        texts.append(f"{text}{after}{weight}")
    return texts + [""] * (len(values) - _SHOWN)


def _listed(texts: list[str], sign: str) -> str:
    if len(texts) > _SHOWN:
        kept = _SHOWN - 2
        texts = [*texts[:kept], say("… {count} more", count=len(texts) - kept)]
    return sign.join(texts)


def written_sum(values: Array) -> str:
    """Write out a sum, of many values the first ones.

    >>> written_sum(np.array([1, -2]))
    '1 + (−2)'
    """
    return _listed(_terms(values, "", None), " + ")


def _mean(explanation: Explanation, at: Spot, values: Array, alphas: Array | None) -> str:
    divisor = _weight(explanation, at, alphas)
    total = _sum(values, alphas)
    words = f"({_listed(_terms(values, '', alphas), ' + ')}) / {divisor}"
    told = f"{words} = {number_text(float(total))} / {divisor}"
    return told + _rounded(explanation, at, float(total / divisor))


def _weight(explanation: Explanation, at: Spot, alphas: Array | None) -> int:
    return explanation.divisor(at) if alphas is None else sum(alphas.tolist())


def _sum(values: Array, alphas: Array | None) -> Any:
    """Sum values, exactly where they are integers."""
    terms = values.tolist()
    if alphas is not None:
        terms = map(mul, terms, alphas.tolist())
    return Fraction(sum(terms)) if values.dtype.kind in "biu" else sum(terms)


def _rounded(explanation: Explanation, at: Spot, exact: float) -> str:
    result = explanation.result[at]
    # A root of a power is not always the value itself, to the last bit.
    if explanation.result.dtype.kind == "f" or isclose(exact, float(result), rel_tol=1e-9):
        return f" = {number_text(result)}"
    if abs(exact - float(result)) > 0.5 + 1e-9 * abs(exact):
        text = "{exact}, clipped to {result}"
    else:
        text = "{exact}, rounded half up to {result}"
    return " = " + say(text, exact=number_text(exact), result=number_text(result))


def _measure(name: str, values: Array, explanation: Explanation, at: Spot) -> str:
    """Write out a sum, a range or a standard deviation."""
    if name == "sum":
        words, exact = _listed(_terms(values, "", None), " + "), float(_sum(values, None))
    elif name == "range":
        low, high = values.min(), values.max()
        words = f"{number_text(high)} − {_terms(values[values.argmin()][None], '', None)[0]}"
        exact = float(high) - float(low)
    else:
        wide = values.astype(np.float64)
        terms = _terms(wide, f" − {number_text(float(wide.mean()))}", None)
        words = f"√((({_listed([f'{term})²' for term in terms], ' + (')}) / {len(values)})"
        exact = float(wide.std())
    return words + _rounded(explanation, at, exact)


def _median(values: Array, result: str, share: float) -> str:
    if (values != values).any():
        text = "one of {list} is nan, and so is the quantile"
        if share == 0.5:
            text = "one of {list} is nan, and so is the median"
        return say(text, list=_listed(_texts(values), " "))
    middle = int(checked_share("quantile", share) * (len(values) - 1)) + 1
    which = say("median" if len(values) % 2 else "lower median")
    if share != 0.5:
        which = say("value at {share}", share=number_text(share))
    return say(
        "sorted {list}; the {which} ({place} of {count}) is {result}",
        list=_listed(_texts(np.sort(values)), " "),
        which=which,
        place=_ordinal(middle),
        count=len(values),
        result=result,
    )


def _ordinal(position: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
    if position % 100 in (11, 12, 13):
        ending = "th"
    return say(f"{{number}}{ending}", number=position)


def _mode(explanation: Explanation, at: Spot) -> str:
    if explanation.compares_pixels:
        pixels = explanation.pixels(at)[explanation.present(at)]
        keys = [tuple(map(_key, pixel)) for pixel in pixels.tolist()]
        result = _pixel_text(tuple(explanation.pooled.pixels[at].tolist()))
    else:
        values = explanation.values(at)[explanation.present(at)]
        keys = [(_key(value),) for value in values.tolist()]
        result = number_text(explanation.result[at])
    counts = Counter(keys)
    most = max(counts.values())
    told = [f"{_pixel_text(key)} {_times(count)}" for key, count in counts.most_common(8)]
    if len(counts) > 8:
        told[7:] = ["…"]
    tied = sum(count == most for count in counts.values()) > 1
    text = "tied, so the first one wins: {result}" if tied else "the commonest is {result}"
    return f"{', '.join(told)}; {say(text, result=result)}"


def _key(value: Any) -> Any:
    return nan if value != value else value  # one and the same object is counted as one


def _pixel_text(pixel: tuple[Any, ...]) -> str:
    texts = ", ".join(map(number_text, pixel))
    return texts if len(pixel) == 1 else f"({texts})"


def _times(count: int) -> str:
    return say({1: "once", 2: "twice"}.get(count, "{count} times"), count=count)


def _gem(explanation: Explanation, at: Spot, values: Array, alphas: Array | None) -> str:
    p = number_text(explanation.operation.power)
    divisor = _weight(explanation, at, alphas)
    powers = _listed(_terms(values, f"^{p}", alphas), " + ")
    told = _rounded(explanation, at, _gem_exactly(explanation, at, values, alphas))
    return f"(({powers}) / {divisor})^(1/{p}){told}"


def _gem_exactly(explanation: Explanation, at: Spot, values: Array, alphas: Array | None) -> float:
    """Compute the mean before rounding; the rounded result where a float would overflow."""
    power, result = explanation.operation.power, float(explanation.result[at])
    if power == 1:
        return float(_sum(values, alphas) / _weight(explanation, at, alphas))
    scaled = values.astype(np.float64)
    largest = scaled.max()
    lowest = scaled.min()
    if largest <= 0 or lowest < 0 or not isfinite(power) or (power < 0 and lowest == 0):
        return result
    with np.errstate(all="ignore"):
        powers = (scaled / largest) ** power
        total = powers.sum() if alphas is None else (powers * alphas).sum()
        exact = largest * (total / _weight(explanation, at, alphas)) ** (1 / power)
    return float(exact) if isfinite(exact) else result
