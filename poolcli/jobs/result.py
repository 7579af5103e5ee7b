"""The result of a task, and the blame for its failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from poolcli.core.operations import OPERATIONS
from poolcli.errors import FileError, PoolingError
from poolcli.media.file_names import escaped, without_secrets

if TYPE_CHECKING:
    from poolcli.jobs.operation import Operation
    from poolcli.media.places.remote_path import Place

__all__ = [
    "REPLACING",
    "Result",
    "blamed_on",
    "parameters_record",
    "reason",
    "record",
    "trace_of",
]

REPLACING = "about to be replaced"
"""The `Result.skipped` of a file in a report whose pooled version is complete, not yet in place."""

_SLIDING = ("kernel", "stride", "padding", "dilation", "ceil_mode")
_OF_MEANS = ("count_include_pad", "divisor_override", "power")
_OF_OTHERS = ("axes", "quantile", "skip", "min_valid", "sparse")

_LONGEST_TEXT = 300
"""Characters of an unforeseen error that are told: the text of some holds a whole file."""


class Result(NamedTuple):
    """The result of a task.

    Attributes
    ----------
    input_shape, output_shape : tuple of int
        (channels, height, width) of a picture, the shape of an array or of a stack with named axes;
        empty where there is none.
    unused : tuple of int
        Rows and columns of the input in no window, or positions along each axis named.
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
    etag : str, optional
        Of the source, if it is an object of a store.
    destination_size : int, optional
        Bytes of the destination, if it is a file.
    pooling : Operation, optional
        The operation with its parameters.
    first_axis : int, optional
        The first of the axes named, of an array.
    letters : str
        Names of all axes of both shapes, where a stack of TIFF names them.
    trace : str, optional
        The traceback of the error, for ``--debug``.
    """

    source: "Place"
    destination: "Place"
    operation: str
    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    unused: tuple[int, ...] = (0, 0)
    dtype: str = ""
    seconds: float = 0.0
    error: str | None = None
    frames: int = 1
    notes: tuple[str, ...] = ()
    skipped: str | None = None
    size: int | None = None
    mtime_ns: int | None = None
    destination_size: int | None = None
    pooling: "Operation | None" = None
    trace: str | None = None
    first_axis: int | None = None
    letters: str = ""
    etag: str | None = None


def record(result: Result) -> dict[str, Any]:
    """Convert a result for scripts; every key is always there, null where nothing is known."""
    return {
        "source": str(result.source),
        "destination": str(result.destination),
        "operation": result.operation,
        **parameters_record(result.pooling),
        "input_shape": list(result.input_shape) or None,
        "output_shape": list(result.output_shape) or None,
        "unused": list(result.unused) if result.output_shape else None,
        "frames": result.frames or None,
        "dtype": result.dtype or None,
        "seconds": round(result.seconds, 6) or None,
        "notes": list(result.notes),
        "skipped": result.skipped,
        "error": result.error,
    }


def parameters_record(operation: "Operation | None") -> dict[str, Any]:
    """Convert an operation's parameters for scripts; null for those that it does not use.

    >>> from poolcli.jobs.operation import Operation
    >>> told = parameters_record(Operation("max", (6, 4)))
    >>> told["kernel"], told["stride"], told["size"], told["power"]
    ([6, 4], [6, 4], None, None)
    """
    told: dict[str, Any] = dict.fromkeys((*_SLIDING, "size", *_OF_MEANS, *_OF_OTHERS))
    if operation is None:
        return told
    traits = OPERATIONS[operation.name]
    if operation.size is not None:
        told["size"] = list(operation.size)
    else:
        told |= {name: getattr(operation, name) for name in _SLIDING}
        told["stride"] = operation.stride or operation.kernel
    for name, applies in zip(
        _OF_MEANS, (traits.is_mean, traits.takes_divisor, traits.takes_power), strict=True
    ):
        told[name] = getattr(operation, name) if applies else None
    told |= {"skip": operation.skip, "min_valid": operation.min_valid}
    told["sparse"] = operation.sparse if traits.takes_sparse else None
    told["axes"] = operation.axes
    told["quantile"] = operation.quantile if traits.takes_quantile else None
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        return str(value)  # JSON has no infinity
    return list(value) if isinstance(value, tuple) else value


def reason(error: Exception) -> str:
    """Describe an error in half a sentence that says what to do; one that nobody foresaw, too."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the name"
    if isinstance(error, PermissionError):
        return "permission denied; check who may read the file and write to the folder"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror[0].lower()}{error.strerror[1:]}"
    if isinstance(error, MemoryError):
        return "needs more memory than there is; use a smaller picture"
    if isinstance(error, OSError | PoolingError):
        return str(error)
    text = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_TEXT]
    return f"internal error: {text.rstrip(' :')}; please report it with --debug's output"


def trace_of(error: BaseException) -> str:
    """Format the traceback of an error; names in it cannot forge a line."""
    import traceback

    # Tracebacks have lines of their own, and the text of an error may be of several.
    lines = "".join(traceback.format_exception(error)).rstrip("\n").split("\n")
    return "\n".join(escaped(without_secrets(line)) for line in lines)


@contextmanager
def blamed_on(path: "Place") -> Iterator[None]:
    """Attach this path to any error that does not name a file yet.

    This is the border that no error of a file passes otherwise, a defect's neither: it costs this
    file alone.

    Raises
    ------
    FileError
        In place of any other exception.
    """
    try:
        yield
    except FileError:
        raise
    except Exception as error:  # of ours, of the system's, of a decoder's
        raise FileError(path, reason(error)) from error
