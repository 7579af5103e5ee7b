"""A folder held open, so that its files are reached wherever it is moved to meanwhile."""

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["HeldFolder"]


class HeldFolder:
    """A folder, by its descriptor where the system can; by its path on Windows.

    Parameters
    ----------
    path : Path
        A real path.

    Raises
    ------
    OSError
        If there is no such folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        if os.unlink in os.supports_dir_fd:
            # Without O_PATH, a folder that may not be listed cannot be held.
            flags = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY
            with suppress(PermissionError):
                self._descriptor = os.open(path, flags)

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """Open a file, and return its descriptor."""
        return os.open(self._path(name), flags, mode, dir_fd=self._descriptor)

    def status(self, name: str) -> os.stat_result | None:
        """Status of a file; None if it is missing."""
        with suppress(FileNotFoundError):
            return os.stat(self._path(name), dir_fd=self._descriptor)
        return None

    def rename(self, name: str, other: str) -> None:
        """Rename a file, in the place of another if there is one."""
        held = self._descriptor
        os.replace(self._path(name), self._path(other), src_dir_fd=held, dst_dir_fd=held)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there and can be."""
        with suppress(OSError):
            os.unlink(self._path(name), dir_fd=self._descriptor)

    def is_in_place(self) -> bool:
        """Tell whether the path still leads to this folder."""
        if self._descriptor is None:
            return True
        with suppress(FileNotFoundError, NotADirectoryError):
            return os.path.samestat(os.fstat(self._descriptor), self.path.stat())
        return False

    def close(self) -> None:
        """Let go of the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _path(self, name: str) -> str:
        return name if self._descriptor is not None else str(self.path / name)
