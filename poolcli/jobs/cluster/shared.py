"""A connection to a cluster whose workers see the same folders as this process."""

# Names are plain text here.
# ruff: noqa: PTH100

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from poolcli.errors import PathError
from poolcli.jobs.cluster.connection import Connection
from poolcli.jobs.result import blamed_on
from poolcli.media.files import path_from, temporary_name

if TYPE_CHECKING:
    from poolcli.media.places.remote_path import Place

__all__ = ["connected"]

_MOST_SOURCES = 20


@contextmanager
def connected(
    sources: Iterable[str], folder: "Place", place: str, *, debug: bool = False
) -> Iterator[Connection]:
    """Connect to a cluster whose workers see the sources and the folder of the results.

    A file in that folder, while the block lasts, shows that it is the same one everywhere: one of
    its name may be there without being shared.

    Parameters
    ----------
    sources : iterable of str
        Files and folders; of very many, the first ones are looked for.
    folder : Path or RemotePath
        It is made if it is missing.
    place : str
        Address of the scheduler, or the file that it writes it to.
    debug : bool
        Whether the cluster's library may print messages of its own.

    Raises
    ------
    PathError
        If a source is a URL with a query string, which may be a secret.
    PoolingError
        If the cluster cannot do the work.
    """
    some = [_local(source) for source in sources][:_MOST_SOURCES]
    paths = {os.path.abspath(source): source or os.curdir for source in some if source is not None}
    if not isinstance(folder, Path):
        with Connection(place, paths, debug=debug) as connection:
            yield connection
        return
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    probe = Path(os.path.abspath(folder), temporary_name())
    try:
        with blamed_on(folder):
            folder.mkdir(parents=True, exist_ok=True)
            probe.touch()
        with Connection(place, {**paths, str(probe): str(folder)}, debug=debug) as connection:
            missing = []
            yield connection
    finally:
        with suppress(OSError):
            probe.unlink()
            for made in missing:
                made.rmdir()


def _local(source: str) -> str | None:
    """Give the name of a source that workers must see; None of an object, which all can reach."""
    place = path_from(source)
    if isinstance(place, Path):
        return source
    if place.query:
        raise PathError("the query string of a URL is not sent to a cluster; leave --cluster out")
    return None
