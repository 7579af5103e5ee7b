"""The result of a task, and the blame for its failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from poolcli.errors import FileError, PoolingError

__all__ = ["Result", "blamed_on", "reason", "record"]


class Result(NamedTuple):
    """The result of a task.

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
        Why the task failed; begins with the path it is about.
    frames : int
    notes : tuple of str
        Facts that the user should know about how the file was read.
    skipped : str, optional
        Why the task was not performed.
    size, mtime_ns : int, optional
        Of the source as it was before it was read.
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
    frames: int = 1
    notes: tuple[str, ...] = ()
    skipped: str | None = None
    size: int | None = None
    mtime_ns: int | None = None


def record(result: Result) -> dict[str, Any]:
    """Convert a result for scripts; every key is always there."""
    return {
        "source": str(result.source),
        "destination": str(result.destination),
        "operation": result.operation,
        "input_shape": list(result.input_shape),
        "output_shape": list(result.output_shape),
        "unused": list(result.unused),
        "frames": result.frames,
        "dtype": result.dtype,
        "seconds": round(result.seconds, 6),
        "notes": list(result.notes),
        "skipped": result.skipped,
        "error": result.error,
    }


def reason(error: Exception) -> str:
    """Describe an error in half a sentence that says what to do."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the name"
    if isinstance(error, PermissionError):
        return "permission denied; check who may read the file and write to the folder"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror[0].lower()}{error.strerror[1:]}"
    if isinstance(error, MemoryError):
        return "needs more memory than there is; use a smaller picture"
    return str(error)


@contextmanager
def blamed_on(path: Path) -> Iterator[None]:
    """Attach this path to any expected error that does not name a file yet.

    Raises
    ------
    FileError
        In place of a PoolingError, an OSError or a MemoryError.
    """
    try:
        yield
    except FileError:
        raise
    except (PoolingError, OSError, MemoryError) as error:
        raise FileError(path, reason(error)) from error
