"""A check of the options of writing against the formats of a plan."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from poolcli.errors import PictureError
from poolcli.jobs.plan import RunPlan
from poolcli.media.options import Writing

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["check_writing"]


def check_writing(plan: RunPlan) -> None:
    """Refuse options of writing that none of a plan's destinations has.

    Raises
    ------
    click.UsageError
        If an option would have no effect.
    """
    given = plan.template.writing
    usual = Writing(format=given.format)
    options = [
        usual._replace(**{name: getattr(given, name)})
        for name in ("quality", "lossless", "compress_level")
        if getattr(given, name) != getattr(usual, name)
    ]
    if not options:
        return
    paths = [plan.template.destination]
    if plan.folder is not None:  # one file of each kind is enough
        suffixes = {Path(destination).suffix.lower() for _, destination in plan.pairs()}
        paths = [Path(f"a{suffix}") for suffix in sorted(suffixes)]
    for writing in options:
        refusals = [_refusal(path, writing) for path in paths]
        if refusals and None not in refusals:
            raise click.UsageError(str(refusals[0]))


def _refusal(path: "Place", writing: Writing) -> str | None:
    from poolcli.media.pictures import check_destination

    try:
        check_destination(path, writing)
    except PictureError as error:
        return str(error)
    return None
