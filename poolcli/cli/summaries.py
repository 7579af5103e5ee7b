"""Names and one-line summaries of the commands, known before any of them is loaded."""

from poolcli.core.operations import OPERATIONS

__all__ = ["ALIASES", "COMPLETION", "OTHER_COMMANDS", "SUMMARIES"]

COMPLETION = "_POOLCLI_COMPLETE"
"""The environment variable by which a shell asks for completions."""

ALIASES = {"mean": "avg", "average": "avg"}
"""Other names of operations."""

OTHER_COMMANDS = {
    "unpool": "Undo max or min pooling: put each value back, zeros elsewhere",
    "pyramid": "Make a pyramid for viewers of huge images (OME-Zarr, OME-TIFF)",
    "shape": "Compute the output shape without an image",
    "explain": "Draw the windows on a small map and the arithmetic of one",
    "compare": "Lay out an image and its poolings on one sheet",
    "invariance": "Measure how much a shift of the input changes the result",
    "show": "Show an image in the terminal",
    "completion": "Print a shell completion script",
    "help": "Show the help of a command",
}
"""The commands that are not operations, in the order in which they are listed."""

SUMMARIES = {name: traits.summary for name, traits in OPERATIONS.items()} | OTHER_COMMANDS
"""The summary of every command; its own help begins with it."""
