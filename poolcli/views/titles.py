"""Titles of figures: an operation, its window, and what it does to a map's size."""

from collections.abc import Sequence

from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.views.wording import pair_text, shape_text
from poolcli.views.words.language import say

__all__ = ["heading", "pooling_name", "title_of", "window_words"]


def heading(
    explanation: Explanation, *, backward: bool = False, unpool: bool = False, stride: bool = False
) -> str:
    """Format the heading of an explanation: ``Max pooling, kernel 2, stride 2: 4×4 → 2×2``."""
    operation, before = explanation.operation, explanation.map.values.shape
    name = pooling_name(operation.name)
    if unpool:
        name = say("Max unpooling" if operation.name == "max" else "Min unpooling")
    if backward:
        name = say("{name}, backward", name=name)
    if stride:
        name = say("{name} beside a convolution", name=name)
    if backward or unpool:
        return title_of(operation, explanation.size, before, name)
    return title_of(operation, before, explanation.size, name)


def title_of(
    operation: Operation, before: Sequence[int], after: Sequence[int], name: str | None = None
) -> str:
    """Format a title; of a single row and windows along it the numbers along it alone.

    >>> title_of(Operation("max", (1, 2)), (1, 6), (1, 3))
    'Max pooling, kernel 2, stride 2: 6 → 3'
    """
    high = (operation.size or operation.kernel or before)[0]
    flat = len(before) == 2 and before[0] == after[0] == high == 1 and not operation.padding[0]
    if flat:
        before, after = before[-1:], after[-1:]
    words = window_words(operation, along_row=flat)
    name = name or pooling_name(operation.name)
    shapes = f"{shape_text(before)} → {shape_text(after)}"
    return say("{name}, {words}: {shapes}", name=name, words=words, shapes=shapes)


_NAMES = {
    "max": "Max pooling",
    "min": "Min pooling",
    "avg": "Average pooling",
    "median": "Median pooling",
    "mode": "Mode pooling",
    "gem": "Generalised-mean pooling",
    "quantile": "Quantile pooling",
    "sum": "Sum pooling",
    "range": "Range pooling",
    "std": "Standard-deviation pooling",
}


def pooling_name(name: str) -> str:
    """Write out the name of an operation, to begin a sentence with.

    >>> pooling_name("avg")
    'Average pooling'
    """
    return say(_NAMES[name])


def window_words(operation: Operation, *, along_row: bool = False) -> str:
    """Describe the window of an operation: ``kernel 3, stride 2, padding 1``.

    Parameters
    ----------
    along_row : bool
        Whether to give the numbers of the last axis alone.
    """

    def words(text: str, numbers: Sequence[int]) -> str:
        return say(text, size=pair_text(numbers[-1:] if along_row else numbers))

    if operation.size is not None:
        one = set(operation.size) == {1}
        return say("global") if one else words("to size {size}", operation.size)
    assert operation.kernel is not None
    told = [words("kernel {size}", operation.kernel)]
    told.append(words("stride {size}", operation.stride or operation.kernel))
    if any(operation.padding):
        told.append(words("padding {size}", operation.padding))
    if set(operation.dilation) != {1}:
        told.append(words("dilation {size}", operation.dilation))
    if operation.ceil_mode:
        told.append(say("ceil mode"))
    return say(", ").join(told)
