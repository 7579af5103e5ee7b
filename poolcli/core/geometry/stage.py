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
    def inside(self) -> tuple[int, int]:
        """Range [lo, hi) of the windows whose taps all exist; every other one is at a border."""
        return self.window.inside(self.length, self.size)

    @property
    def unused(self) -> int:
        """Positions of the input that are in no window."""
        return self.window.unused(self.length)

    @property
    def spacing(self) -> float:
        """Positions of the input from one window to the next, on average if they differ."""
        window = self.window
        return self.length / self.size if isinstance(window, Spans) else window.stride

    @property
    def first_centre(self) -> float:
        """Position of the centre of the first window, d·(k - 1) / 2 - p.

        >>> from poolcli.core.geometry.windows import Window
        >>> Stage(0, Window(3, 2, padding=1), 9, 5).first_centre
        0.0
        """
        window = self.window
        if isinstance(window, Spans):
            return (self.spacing - 1) / 2
        return (window.extent - 1) / 2 - window.padding

    @property
    def clipped(self) -> "Stage":
        """The same windows without what lies outside the input, where the kernel is longer."""
        window = self.window
        if window.kernel <= self.length or window.dilation > 1 or isinstance(window, Spans):
            return self
        starts = tuple(max(0, window.start(o)) for o in range(self.size))
        stops = tuple(min(self.length, window.stop(o)) for o in range(self.size))
        return self._replace(window=Spans(starts, stops))
