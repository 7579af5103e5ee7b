"""Objects put as a whole: what is encoded already, in one request or one upload of parts."""

from collections.abc import Mapping
from pathlib import Path

from poolcli.errors import PathError
from poolcli.media.places.errors import translated
from poolcli.media.places.filesystem import filesystem, wrote
from poolcli.media.places.remote_path import RemotePath

__all__ = ["put", "put_all"]

_WHOLE = 1 << 25
"""Bytes up to which an object is put by one request."""


def put(path: RemotePath, file: Path) -> None:
    """Put a local file as an object, in the place of an old one if there is one.

    A store publishes an object when it has all of it. A file that fsspec opens for writing is not
    used: closing it after an error publishes the part that was written.

    Raises
    ------
    OSError
        If it cannot be put; then nothing was changed.
    PathError
        If nothing can be put there.
    """
    if path.is_web:
        raise PathError("a web server takes no files; name a local file or an object of a store")
    size = file.stat().st_size
    with translated():
        fs = filesystem(path.url)
        if size <= _WHOLE:
            fs.pipe_file(path.url, file.read_bytes())
        else:
            fs.put_file(str(file), path.url)
    wrote(path.url, size)


def put_all(files: Mapping[RemotePath, Path]) -> None:
    """Put several local files side by side, each as a whole.

    Raises
    ------
    OSError
        If one cannot be put.
    """
    places = list(files)
    if not places:
        return
    with translated():
        fs = filesystem(places[0].url)
        fs.put([str(files[place]) for place in places], [place.url for place in places])
