"""What is known of the commands before any of them is loaded."""

__all__ = ["COMPLETION", "LINES"]

COMPLETION = "_POOLCLI_COMPLETE"
"""The variable by which a shell asks to have a word completed."""

LINES = {
    "avg": "Take the mean of every window, in each channel on its own, rounded half up.",
    "compare": "Lay a picture and its poolings out on one sheet, whole and in detail, at the same "
    "scale.",
    "completion": "Print a script that makes the shell complete poolcli's words.",
    "explain": "Draw the windows on a small map, their winners, and the arithmetic of one window.",
    "gem": "Take the generalised mean of every window, (mean of x^p)^(1/p), in each channel.",
    "invariance": "Measure how a pooled picture changes when its input is shifted by 0 … 8 pixels.",
    "max": "Keep the largest value of every window, in each channel on its own.",
    "median": "Keep the middle value of every window (the lower of two), in each channel.",
    "min": "Keep the smallest value of every window, in each channel on its own.",
    "mode": "Keep the commonest pixel of every window, all channels together: no new colours.",
    "shape": "Tell the shape that comes out, with no picture at hand.",
    "show": "Show a picture in the terminal: half blocks in colour, or signs where there is no "
    "colour.",
    "unpool": "Undo a max or min pooling: every value back to its place, zeros elsewhere.",
}
"""What each command does; its own help begins so too."""
