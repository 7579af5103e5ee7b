"""A run shared out among machines."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.errors import PathError
from poolcli.jobs.boxes.destinations import shares_boxes
from poolcli.jobs.paths.shards import Shard
from poolcli.jobs.plan import RunPlan
from poolcli.jobs.result import Result

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["check_array_part", "part_of", "perform_part"]


def part_of(plan: RunPlan, shard: Shard) -> RunPlan:
    """Leave only the entries of one shard, chosen by the names of their sources.

    Of one array, the run makes some of the boxes.

    Raises
    ------
    PathError
        If there is but one file, and it has no boxes that several machines can make.
    """
    if plan.folder is None:
        check_array_part(plan.template.source, plan.template.destination)
        return plan._replace(shard=shard)
    mine = [entry for entry in plan.entries if shard.holds(entry.relative)]
    return plan._replace(entries=mine, shard=shard, whole=len(plan.entries))


def check_array_part(source: "Place", destination: "Place") -> None:
    """Refuse files that several machines cannot make parts of.

    Raises
    ------
    PathError
        If they are of another kind.
    """
    if not isinstance(destination, Path) or not shares_boxes(source, destination):
        raise PathError(
            "--shard shares out the files of a folder, or the boxes of one .zarr, .npy or .tif "
            "that becomes a .zarr in a folder; leave it out for other files"
        )


def perform_part(shard: Shard, perform: Callable[[], Result]) -> Result:
    """Perform one part of a task on an array; its result is skipped if other parts are to come."""
    from poolcli.jobs.boxes.crew import making_part

    with making_part(shard) as part:
        result = perform()
    return result._replace(skipped=part.told)
