"""What became of a task, and why it failed in words."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Result", "reason"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a task.

    Attributes
    ----------
    input_shape, output_shape : tuple of int
        (channels, height, width) of a picture, the shape of an array; empty where there is none.
    unused : (int, int)
        Rows and columns of the input in no window.
    dtype : str
    seconds : float
        Wall-clock time.
    error : str, optional
        Why there is no destination.
    """

    source: Path
    destination: Path
    operation: str
    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    unused: tuple[int, int] = (0, 0)
    dtype: str = ""
    seconds: float = 0.0
    error: str | None = None


def reason(error: Exception) -> str:
    """Why a file failed, in half a sentence that tells what to do."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the name"
    if isinstance(error, PermissionError):
        return "permission denied; check who may read the file and write to the folder"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror[0].lower()}{error.strerror[1:]}"
    if isinstance(error, MemoryError):
        return "needs more memory than there is; use a smaller picture"
    return str(error)
