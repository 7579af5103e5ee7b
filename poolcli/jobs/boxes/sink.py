"""The protocol of destinations that are written box by box."""

from typing import TYPE_CHECKING, Any, Protocol

from poolcli.core.types import Array

if TYPE_CHECKING:
    from poolcli.jobs.boxes.unfinished import Unfinished

__all__ = ["Sink"]


class Sink(Protocol):
    """An output that is written box by box.

    Attributes
    ----------
    unit : tuple of int
        Boxes are whole ones of it.
    ordered : bool
        Whether what threads encode has to be kept by one of them, in the order of the boxes.
    array : ndarray-like, optional
        What a stream can be computed into, if it can be.
    unfinished : Unfinished, optional
        What notes the boxes that are done.
    notes : tuple of str
        For the user; complete at the end.
    """

    unit: tuple[int, ...]
    ordered: bool
    array: Any
    unfinished: "Unfinished | None"
    notes: tuple[str, ...]

    def encode(self, box: tuple[slice, ...], values: Array) -> Any:
        """Write a box, or encode it to be kept; by any thread."""

    def keep(self, encoded: Any) -> Any:
        """Write what was encoded; return what the journal is to tell about it."""
