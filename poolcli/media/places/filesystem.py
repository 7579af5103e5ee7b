"""The file systems of fsspec, and what they tell of an object, asked for as rarely as can be.

Credentials are fsspec's to find, and stay there: nothing here takes or keeps any.
"""

import errno
import logging
import stat
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, NamedTuple

from poolcli.errors import PathError, PictureError
from poolcli.media.options import INSTALL_REMOTE
from poolcli.media.places.errors import StoreError, translated

__all__ = [
    "Status",
    "filesystem",
    "forget",
    "list_folder",
    "remember",
    "status",
    "status_now",
    "wrote",
]

_TIMES = ["LastModified", "Last-Modified", "last_modified", "updated", "mtime", "modified"]
_TIMES += ["created"]
_TAGS = ["ETag", "etag", "md5Hash", "content_md5"]

_LOCAL = ("file", "local")


class Status(NamedTuple):
    """The state of an object, with the names that `os.stat_result` has.

    Attributes
    ----------
    st_size : int
    st_mtime_ns : int, optional
    st_mode : int
    etag : str, optional
        Changes whenever the content does.
    """

    st_size: int
    st_mtime_ns: int | None = None
    st_mode: int = stat.S_IFREG
    etag: str | None = None


_listed: dict[str, dict[str, Status]] = {}
"""Folders that were listed to be remembered, by the names of their objects below them."""

_last: list[tuple[str, Status]] = []
"""The last answer, or the object last written: to be used once, as what follows asks the same."""


def filesystem(url: str) -> Any:
    """Return fsspec's file system of a URL, the same one for each process.

    Raises
    ------
    PathError
        If there is no such scheme.
    PictureError
        If a package is missing.
    """
    return _filesystem(url.partition("://")[0])


@cache
def _filesystem(scheme: str) -> Any:
    if scheme in _LOCAL:
        raise PathError(f"{scheme}:// is this machine; give the path alone")
    try:
        import fsspec
    except ImportError as error:
        raise PictureError(f"is a remote path, which needs an extra; {INSTALL_REMOTE}") from error
    _silence()
    with translated():
        try:
            # Listings are remembered here, or not at all: fsspec's own copies are large and stale.
            return fsspec.filesystem(scheme, use_listings_cache=False)
        except ValueError as error:
            if "Protocol not known" not in str(error):
                raise  # of credentials, for example
            raise PathError(
                f"{scheme}:// is not a store that fsspec knows; use s3://, gs://, az:// or "
                f"https://, or ./{scheme}:// for a local name"
            ) from error


def _silence() -> None:
    """Keep what packages log off standard error: what matters of it is raised."""
    for name in ("aiobotocore", "aiohttp", "asyncio", "botocore", "fsspec", "s3fs"):
        logging.getLogger(name).addHandler(logging.NullHandler())


def status(url: str) -> Status:
    """Ask for the state of an object, or of a folder of objects.

    Raises
    ------
    OSError
        If there is none, or the store cannot be asked.
    """
    if _last and _last[0][0] == url:
        return _last.pop()[1]
    for folder, inside in _listed.items():
        if url.startswith(folder):
            if (known := inside.get(url[len(folder) :])) is not None:
                return known
            raise FileNotFoundError(errno.ENOENT, "No such file or folder")
    found = status_now(url)
    _last[:] = [(url, found)]
    return found


def status_now(url: str) -> Status:
    """Ask as `status` does, whatever is known."""
    with translated():
        return _status_of(filesystem(url).info(url))


def wrote(url: str, size: int) -> None:
    """Take down that an object was written."""
    for folder, inside in _listed.items():
        if url.startswith(folder):
            inside[url[len(folder) :]] = Status(size)
    _last[:] = [(url, Status(size))]


def forget() -> None:
    """Forget all that was remembered of stores, as a run begins that may see another state."""
    _listed.clear()
    _last.clear()


def list_folder(url: str, *, deep: bool = True) -> dict[str, Status]:
    """List the objects below a URL, by their names relative to it, sizes and times with them.

    Parameters
    ----------
    deep : bool
        Whether those whose names hold a further / are listed too.

    Raises
    ------
    OSError
        If the store cannot be asked; but an empty folder is not an error.
    """
    if url.startswith(("http://", "https://")):
        raise StoreError(errno.ENOTSUP, "a web server lists no folder; name the files in it")
    with translated():
        fs = filesystem(url)
        root = fs._strip_protocol(url).rstrip("/") + "/"
        if deep:
            found = fs.find(url, detail=True)
        else:
            found = {info["name"]: info for info in fs.ls(url, detail=True)}
    return {
        name.removeprefix(root): _status_of(info)
        for name, info in found.items()
        if info.get("type") != "directory" and name.startswith(root) and not name.endswith("/")
    }


def remember(url: str, listed: Mapping[str, Status] | None = None) -> None:
    """Answer for all objects below a URL from one listing, in this process.

    Raises
    ------
    OSError
        If the store cannot be asked.
    """
    _listed[f"{url}/"] = dict(list_folder(url) if listed is None else listed)


def _status_of(info: Mapping[str, Any]) -> Status:
    if info.get("type") == "directory":
        return Status(0, None, stat.S_IFDIR)
    time = next((info[name] for name in _TIMES if info.get(name) is not None), None)
    tag = next((info[name] for name in _TAGS if info.get(name)), None)
    size = info.get("size")
    return Status(-1 if size is None else int(size), _nanoseconds(time), etag=tag and str(tag))


def _nanoseconds(time: Any) -> int | None:
    """Convert a time of one of the kinds that stores tell."""
    try:
        if isinstance(time, str):
            time = _parsed(time)
        if isinstance(time, datetime):
            time = time.timestamp()
        return None if time is None else int(time * 10**9)
    except (TypeError, ValueError, OverflowError):
        return None


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)
