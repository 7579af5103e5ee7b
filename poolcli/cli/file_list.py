"""The names in a list of files, which may be no list and have no end."""

from typing import BinaryIO

import click

__all__ = ["read_names"]

_AT_ONCE = 1 << 20
_MOST_NAMES, _MOST_BYTES = 10_000_000, 1 << 28


def read_names(file: BinaryIO, label: str, *, nul: bool) -> list[bytes]:
    r"""Read all names, separated by line ends or by NULs.

    Raises
    ------
    click.UsageError
        If names hold NULs that do not separate them, or there is no end of them.

    Examples
    --------
    >>> from io import BytesIO
    >>> read_names(BytesIO(b"a.png\n\nb.png"), "LIST", nul=False)
    [b'a.png', b'b.png']
    """
    parts: list[bytes] = []
    names = size = 0
    while data := file.read(_AT_ONCE):
        if not nul and b"\0" in data:
            raise click.UsageError(
                f"{label} holds NUL bytes, which no name has; add -0 if they separate the names, "
                "or save it as UTF-8"
            )
        names, size = names + data.count(b"\0" if nul else b"\n"), size + len(data)
        if names > _MOST_NAMES or size > _MOST_BYTES:
            raise click.UsageError(
                f"{label} is longer than {_MOST_NAMES} names or {_MOST_BYTES} bytes; split it"
            )
        parts.append(data)
    text = b"".join(parts)
    return [name for name in (text.split(b"\0") if nul else text.splitlines()) if name]
