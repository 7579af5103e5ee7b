"""Titles of figures: an operation, its window, and what it does to a map's size."""

from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.views.wording import pair_text, shape_text

__all__ = ["heading", "pooling_name", "window_words"]


def heading(explanation: Explanation) -> str:
    """Format the heading of an explanation: ``Max pooling, kernel 2, stride 2: 4×4 → 2×2``."""
    operation = explanation.operation
    before, after = shape_text(explanation.map.values.shape), shape_text(explanation.size)
    return f"{pooling_name(operation.name)}, {window_words(operation)}: {before} → {after}"


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
    return _NAMES[name]


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
