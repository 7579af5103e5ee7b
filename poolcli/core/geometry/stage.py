"""One axis to pool: its window laid on its length."""

from typing import NamedTuple

from poolcli.core.geometry.windows import AnyWindow, Spans

__all__ = ["Stage"]


class Stage(NamedTuple):
    """One axis to pool: its window, its length in the input, the number of windows."""

    axis: int
    window: AnyWindow
    length: int
    size: int

    @property
    def padded_length(self) -> int:
        """Positions that the windows can touch, padding and ``ceil_mode``'s overhang included."""
        padding = self.window.padding
        return max(self.window.stop(self.size - 1), self.length) + padding

    @property
    def unused(self) -> int:
        """Positions of the input that are in no window."""
        return self.window.unused(self.length)

    @property
    def clipped(self) -> "Stage":
        """The same windows without what lies outside the input, where the kernel is longer."""
        window = self.window
        if window.kernel <= self.length or window.dilation > 1 or isinstance(window, Spans):
            return self
        starts = tuple(max(0, window.start(o)) for o in range(self.size))
        stops = tuple(min(self.length, window.stop(o)) for o in range(self.size))
        return self._replace(window=Spans(starts, stops))
