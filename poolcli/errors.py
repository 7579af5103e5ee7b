"""The errors that poolcli raises on purpose, as one small tree.

PoolingError            the root; a ValueError, so that callers need not know this module
├── WindowError         a kernel, stride, padding, dilation or size that cannot be
├── PictureError        a file that is not a picture, or a picture that cannot be pooled or written
├── PathError           a source or destination that cannot be used
└── FileError           the failure of one file, whose path it carries
"""

from typing import Any

__all__ = ["FileError", "PathError", "PictureError", "PoolingError", "WindowError"]


class PoolingError(ValueError):
    """Root of all errors that poolcli raises on purpose; its text is one line for the user."""


class WindowError(PoolingError):
    """A window that cannot be, in itself or on an input of the given size."""


class PictureError(PoolingError):
    """A file that cannot be read or written as a picture, or a picture that cannot be pooled."""


class PathError(PoolingError):
    """A source or a destination that cannot be used as asked."""


class FileError(PoolingError):
    """The failure of one file; its text begins with the path.

    Attributes
    ----------
    path : Path or RemotePath
    reason : str
    """

    def __init__(self, path: Any, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"
