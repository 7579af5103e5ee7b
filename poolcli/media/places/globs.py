"""Patterns of object names."""

from poolcli.media.places.errors import translated
from poolcli.media.places.filesystem import filesystem
from poolcli.media.places.remote_path import RemotePath

__all__ = ["matching"]


def matching(path: RemotePath) -> list[str]:
    """List the URLs of the objects and folders that a pattern matches, sorted.

    An object that has just this name is the only match.

    Raises
    ------
    OSError
        If the store cannot be asked.
    """
    with translated():
        fs = filesystem(path.url)
        try:
            if fs.info(path.url)["type"] != "directory":
                return [path.url]
        except FileNotFoundError:
            pass
        found = sorted(fs.glob(path.url))
    return [f"{path.scheme}://{name.lstrip('/')}" for name in found]
