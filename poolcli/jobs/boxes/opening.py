"""The choice of the folder in which an array is written until it is whole."""

from typing import TYPE_CHECKING

from poolcli.jobs.boxes.crew import current_part
from poolcli.jobs.boxes.unfinished import Unfinished

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["open_unfinished"]


def open_unfinished(
    destination: "Place", mark: object, *, resume: bool, sync: bool = True
) -> Unfinished:
    """Give the folder to write an array in, as a whole or as the part that is to be made."""
    part = current_part()
    if part is None:
        return Unfinished(destination, mark, resume=resume, sync=sync)
    from poolcli.jobs.boxes.unfinished_part import UnfinishedPart

    return UnfinishedPart(part, destination, mark, resume=resume, sync=sync)
