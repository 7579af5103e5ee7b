"""A run shared out among machines."""

from poolcli.errors import PathError
from poolcli.jobs.paths.shards import Shard
from poolcli.jobs.plan import RunPlan

__all__ = ["part_of"]


def part_of(plan: RunPlan, shard: Shard) -> RunPlan:
    """Leave only the entries of one shard, chosen by the names of their sources.

    Raises
    ------
    PathError
        If there is but one file.
    """
    if plan.folder is None:
        raise PathError("--shard shares out the files of a folder; leave it out for one file")
    mine = [entry for entry in plan.entries if shard.holds(entry.relative)]
    return plan._replace(entries=mine, shard=shard, whole=len(plan.entries))
