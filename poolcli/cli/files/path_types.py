"""Types of option values that are paths, on this machine or in a store."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poolcli.errors import PathError
from poolcli.media.file_names import shown
from poolcli.media.files import is_remote, path_from

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from poolcli.media.places.remote_path import Place

__all__ = ["AnyPath", "FilePath", "IndicesPath", "LocalPath", "PlacePath", "WrittenPath"]


class AnyPath(click.ParamType):  # type: ignore[type-arg]
    """A path as text: a ``Path`` would lose the / at its end.

    click's own type of paths looks for a translation of its name at every start.
    """

    name = "PATH"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        """Return the name as it stands."""
        return self.name

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> "list[CompletionItem]":
        """Let the shell complete the name of a file or a folder."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class PlacePath(AnyPath):
    """A file to read or write, on this machine or in a store."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Place":
        """Convert text to a path."""
        if not is_remote(str(value)):
            return Path(value)
        try:
            return path_from(value)
        except PathError as error:
            self.fail(str(error), param, ctx)


class WrittenPath(PlacePath):
    """A file to write, on this machine or in a store."""

    name = "FILE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Place":
        """Convert text to a path."""
        path = super().convert(value, param, ctx)
        if isinstance(path, Path):
            return FilePath().convert(value, param, ctx)
        if path.is_web:
            self.fail(f"{shown(path)} can only be read; name another file", param, ctx)
        return path


class LocalPath(AnyPath):
    """A file on this machine."""

    name = "FILE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | Path:
        """Leave text that names no store."""
        if is_remote(str(value)):
            self.fail(f"{shown(str(value))} is not on this machine; name a local file", param, ctx)
        return str(value)


class FilePath(LocalPath):
    """A file to write on this machine."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Convert text to a path."""
        path = Path(super().convert(value, param, ctx))
        if os.path.isdir(path):  # noqa: PTH112 - it answers where a name is too long, too
            self.fail(f"{shown(path)} is a folder; name a file", param, ctx)
        return path


class IndicesPath(WrittenPath):
    """A file for indices: ``.npz``, or a name without an extension."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Place":
        """Convert text to a path."""
        path = super().convert(value, param, ctx)
        if path.suffix.lower() not in ("", ".npz"):
            self.fail(
                f"{shown(path)} would hold indices, not what {path.suffix} says; use a .npz name",
                param,
                ctx,
            )
        return path
