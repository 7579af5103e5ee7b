"""The terminal: its size, its colours, and the characters that it can show."""

import sys
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from poolcli.views.ascii_fallback import can_write, in_ascii

__all__ = ["Terminal"]


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise  # rich would end the process itself, with another exit code


class Terminal:
    """A stream, with what rich detects of its terminal.

    Attributes
    ----------
    colours : int
        Number of colours: 0 (not a terminal, NO_COLOR, TERM=dumb), 16, 256 or 2**24.
    is_terminal : bool
    width, height : int
        Size in characters; 80 and 24 where it is unknown.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = sys.stdout if stream is None else stream
        self._console = _Console(file=self.stream, highlight=False, markup=False, emoji=False)
        colours = {"standard": 16, "windows": 16, "256": 256, "truecolor": 1 << 24}
        system = None if self._console.no_color else self._console.color_system
        self.colours = colours.get(system or "", 0)
        self.width, self.height = self._console.size
        self.is_terminal = self._console.is_terminal

    def can_write(self, text: str) -> bool:
        """Tell whether the stream's encoding has every character of ``text``."""
        return can_write(self.stream, text)

    def write(self, lines: Iterable[Text]) -> None:
        """Print lines of text, all of them in ASCII if the stream lacks one character."""
        kept = list(lines)
        if not self.can_write("".join(line.plain for line in kept)):
            kept = [self._in_ascii(line) for line in kept]
        for line in kept:
            self.show(line)

    def show(self, renderable: RenderableType) -> None:
        """Print one of rich's renderables, never folded."""
        self._console.print(renderable, soft_wrap=True)

    def _in_ascii(self, line: Text) -> Text:
        encoding = self.stream.encoding or "ascii"
        return Text.assemble(
            *(
                (
                    in_ascii(part.text).encode(encoding, "backslashreplace").decode(encoding),
                    part.style or "",
                )
                for part in line.render(self._console)
            )
        )
