"""The path of an object in a store, or of a file that a web server gives."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from poolcli.errors import PathError
from poolcli.media.places.redaction import redacted

if TYPE_CHECKING:
    from poolcli.media.places.filesystem import Status

__all__ = ["Place", "RemotePath"]

_WEB = ("http", "https")

_ALIASES = {"s3a": "s3", "gcs": "gs", "abfs": "az", "abfss": "az"}
"""Schemes that mean the same store as another one."""


@dataclass(frozen=True, slots=True, repr=False)
class RemotePath:
    """A path that begins with the scheme of a store; as text it holds no secret.

    It is not a ``pathlib`` path, which would make ``s3:/bucket`` of ``s3://bucket``, nor one that
    the system's functions take.

    Attributes
    ----------
    scheme : str
    key : str
        All after ``://`` but a query string.
    query : str
        Query string of a URL, with its question mark; it may be a signature.

    Examples
    --------
    >>> path = RemotePath.of("https://host/photos/a.png?Signature=1234")
    >>> path.name, path.suffix, str(path), str(path.parent / "b.png")
    ('a.png', '.png', 'https://host/photos/a.png?***', 'https://host/photos/b.png?***')
    """

    scheme: str
    key: str
    query: str = ""

    @classmethod
    def of(cls, url: str) -> "RemotePath":
        """Make one of a URL.

        Raises
        ------
        PathError
            If it holds a name or a password, which belong into the configuration of fsspec.
        """
        scheme, _, key = url.partition("://")
        scheme, query = scheme.lower(), ""
        if scheme in _WEB:
            key, mark, query = key.partition("?")
            query = mark + query
        user, at, _ = key.partition("/")[0].rpartition("@")
        if at and (scheme in _WEB or ":" in user):
            raise PathError(
                f"{redacted(url)} holds a name or a password; leave it out, and give credentials "
                "as fsspec takes them, from the environment or its configuration"
            )
        return cls(scheme, key.rstrip("/"), query)

    @property
    def url(self) -> str:
        """The URL with all that it was given with, for fsspec alone."""
        return f"{self.scheme}://{self.key}{self.query}"

    @property
    def is_web(self) -> bool:
        """True for a web server, of which files can be read and nothing else."""
        return self.scheme in _WEB

    @property
    def identity(self) -> str:
        """Text that is equal for all paths to one object."""
        return f"{_ALIASES.get(self.scheme, self.scheme)}://{self.key}{self.query}"

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.key.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """Extension of the name, with its dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> "RemotePath":
        """Path without its last part; the bucket or host stays."""
        return RemotePath(self.scheme, self.key.rpartition("/")[0] or self.key, self.query)

    def __truediv__(self, name: str) -> "RemotePath":
        return RemotePath(self.scheme, f"{self.key}/{name}" if self.key else name, self.query)

    def __str__(self) -> str:
        return redacted(self.url)

    def __repr__(self) -> str:
        return f"RemotePath({str(self)!r})"

    def absolute(self) -> "RemotePath":
        """Return the path itself."""
        return self

    def exists(self) -> bool:
        """Tell whether there is an object, or one whose name continues the path after a /.

        Raises
        ------
        OSError
            If the store cannot be asked.
        """
        try:
            self.stat()
        except FileNotFoundError:
            return False
        return True

    def stat(self) -> "Status":
        """Ask for size and time.

        Raises
        ------
        OSError
            If there is none, or the store cannot be asked.
        """
        from poolcli.media.places.filesystem import status

        return status(self.url)


Place: TypeAlias = Path | RemotePath
"""A place where a file is read or written."""
