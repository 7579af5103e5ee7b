"""Output of the commands that print text of their own."""

import sys

import click

__all__ = ["write"]


def write(text: str, *, err: bool = False) -> None:
    """Print to standard output (or error), in ASCII where the stream cannot encode more."""
    from poolcli.views.ascii_fallback import readable_for

    # Not click's own stream: that one writes UTF-8 where standard output is ASCII.
    stream = sys.stderr if err else sys.stdout
    click.echo(readable_for(stream, text), file=stream)
