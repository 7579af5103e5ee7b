"""The geometry of one axis, in integers: starts, extents and number of its windows.

Notation, per axis: L length, k kernel, s stride, p padding, d dilation, o output index, O output
size. Window o covers the positions o·s - p + j·d for j = 0 … k-1, of which only those in [0, L)
exist. The rules are those of PyTorch 2.13.
"""

from collections.abc import Sequence
from math import gcd
from operator import sub
from typing import ClassVar, NamedTuple, Self, TypeAlias

from poolcli.core.geometry.arguments import per_axis, strides_of
from poolcli.errors import WindowError

__all__ = ["AnyWindow", "Spans", "Window", "adaptive", "fractional", "windows"]


class _Numbers(NamedTuple):
    kernel: int
    stride: int
    padding: int = 0
    dilation: int = 1
    ceil_mode: bool = False


class Window(_Numbers):
    """One axis of a sliding window.

    Parameters
    ----------
    kernel, stride, padding, dilation : int
        k ≥ 1, s ≥ 1, 0 ≤ p ≤ k // 2, d ≥ 1.
    ceil_mode : bool
        Whether a last window may reach past the end of the input.

    Raises
    ------
    WindowError
        If a number is outside its range.

    Examples
    --------
    >>> Window(6, 2).size(201)
    98
    >>> Window(3, 2, ceil_mode=True).size(6)
    3
    """

    __slots__ = ()

    def __new__(
        cls, kernel: int, stride: int, padding: int = 0, dilation: int = 1, ceil_mode: bool = False
    ) -> Self:
        """Make a window of numbers that are in their ranges."""
        for name, value in (("kernel", kernel), ("stride", stride), ("dilation", dilation)):
            if value < 1:
                raise WindowError(f"{name} {value} is too small; use 1 or more")
        if not 0 <= padding <= kernel // 2:
            raise WindowError(
                f"padding {padding} is not between 0 and half the kernel "
                f"({kernel // 2} for kernel {kernel}); use a larger kernel, or less"
            )
        return super().__new__(cls, kernel, stride, padding, dilation, ceil_mode)

    @property
    def extent(self) -> int:
        """Positions from a window's first tap to its last, d·(k - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def trivial(self) -> bool:
        """True if every window is one element and every element a window."""
        return self.kernel == 1 and self.stride == 1

    def size(self, length: int) -> int:
        """Output size O of an axis of length L; a last window starts before L + p.

        Raises
        ------
        WindowError
            If no window fits.
        """
        room = length + 2 * self.padding - self.extent
        if self.ceil_mode:
            room += self.stride - 1
        size = room // self.stride + 1
        if self.ceil_mode and (size - 1) * self.stride >= length + self.padding:
            size -= 1
        if length < 1 or size < 1:
            raise WindowError(self._misfit(length))
        return size

    def _misfit(self, length: int) -> str:
        spread = f" (spread over {self.extent} by dilation)" if self.dilation > 1 else ""
        padded = f" with {self.padding} of padding on each side" if self.padding else ""
        return f"kernel {self.kernel}{spread} is larger than the input of {length}{padded}"

    def start(self, position: int) -> int:
        """First position of window o, o·s - p; negative in the padding."""
        return position * self.stride - self.padding

    def stop(self, position: int) -> int:
        """One past the last position of window o."""
        return self.start(position) + self.extent

    def count_taps(self, position: int, length: int, *, include_pad: bool) -> int:
        """Taps of window o inside the input, or inside the input and its padding.

        What reaches past the right-hand padding (the overhang of ``ceil_mode``) never counts.
        """
        start, end = self.start(position), length + (self.padding if include_pad else 0)
        first = 0 if include_pad else max(0, -(start // self.dilation))
        last = min(self.kernel, -((start - end) // self.dilation))
        return max(0, last - first)

    def inside(self, length: int, size: int) -> tuple[int, int]:
        """Range [lo, hi) of ``size`` windows whose taps all exist; the others are at a border."""
        lo = min(size, -(-self.padding // self.stride))
        hi = min(size, (length + self.padding - self.extent) // self.stride + 1)
        return lo, max(lo, hi)

    def unused(self, length: int) -> int:
        """Count the positions of the input that are in no window, in k steps at most.

        Tap j of all windows is at j·d - p, j·d - p + s, …: a run of the positions that leave one
        remainder of s. Of the taps that share a remainder each run begins e = d / gcd(d, s)
        positions of that remainder after the one before.
        """
        size, s, d = self.size(length), self.stride, self.dilation
        if d == 1:
            return length - self._touched(length, size)
        apart = d // gcd(d, s)
        remainders = s // gcd(d, s)
        used = 0
        for first in range(min(self.kernel, remainders)):
            taps = -(-(self.kernel - first) // remainders)
            start = first * d - self.padding
            # Positions start + s·i; those with lo <= i < hi are in the input.
            lo, hi = -(start // s), -((start - length) // s)
            if size >= apart:
                used += max(0, min(hi, (taps - 1) * apart + size) - max(lo, 0))
            else:
                used += sum(
                    max(0, min(hi, at + size) - max(lo, at)) for at in range(0, taps * apart, apart)
                )
        return length - used

    def _touched(self, length: int, size: int) -> int:
        """Count the positions of the input in windows without dilation."""
        if self.stride <= self.kernel:  # no gaps
            return min(length, self.stop(size - 1))
        lo, hi = self.inside(length, size)
        at_borders = (*range(lo), *range(hi, size))
        clipped = sum(self.count_taps(o, length, include_pad=False) for o in at_borders)
        return (hi - lo) * self.kernel + clipped


class _Ends(NamedTuple):
    starts: tuple[int, ...]
    stops: tuple[int, ...]


class Spans(_Ends):
    """Windows of one axis that follow no stride: window o is [starts[o], stops[o])."""

    __slots__ = ()
    padding: ClassVar[int] = 0
    dilation: ClassVar[int] = 1
    trivial: ClassVar[bool] = False

    @property
    def kernel(self) -> int:
        """The longest window."""
        return max(map(sub, self.stops, self.starts), default=1)

    def size(self, length: int) -> int:
        """Number of windows, whatever the length."""
        if length < 1:
            raise WindowError(f"an input of length {length} has no value to keep; use 1 or more")
        return len(self.starts)

    def start(self, position: int) -> int:
        """First position of window o."""
        return self.starts[position]

    def stop(self, position: int) -> int:
        """One past the last position of window o."""
        return self.stops[position]

    def from_to(self, first: int, last: int) -> tuple[list[int], list[int]]:
        """Starts and stops of windows [first, last), counted from the start of the first."""
        origin = self.starts[first]
        return (
            [start - origin for start in self.starts[first:last]],
            [stop - origin for stop in self.stops[first:last]],
        )

    def count_taps(self, position: int, _length: int, *, include_pad: bool) -> int:  # noqa: ARG002
        """Positions of window o."""
        return self.stops[position] - self.starts[position]

    def inside(self, _length: int, _size: int) -> tuple[int, int]:
        """No range of windows is known to be alike."""
        return 0, 0

    def unused(self, length: int) -> int:
        """Count the positions of the input that are in no window."""
        used = bytearray(length)
        for start, stop in zip(self.starts, self.stops, strict=True):
            used[start:stop] = b"\1" * (stop - start)
        return used.count(0)


AnyWindow: TypeAlias = Window | Spans


def adaptive(length: int, size: int) -> AnyWindow:
    """Windows that share out L positions to exactly O: [⌊o·L / O⌋, ⌈(o + 1)·L / O⌉).

    They overlap where O does not divide L, and repeat where O > L.

    Raises
    ------
    WindowError
        If O is negative.

    Examples
    --------
    >>> adaptive(7, 3)
    Spans(starts=(0, 2, 4), stops=(3, 5, 7))
    >>> adaptive(8, 4)
    Window(kernel=2, stride=2, padding=0, dilation=1, ceil_mode=False)
    """
    if size < 0:
        raise WindowError(f"size {size} is negative; use 0 or more")
    if size and length and length % size == 0:
        return Window(length // size, length // size)
    return Spans(
        tuple(o * length // size for o in range(size)),
        tuple(-(-(o + 1) * length // size) for o in range(size)),
    )


def fractional(length: int, size: int, kernel: int, starts: Sequence[int]) -> Spans:
    """Windows of one kernel at increasing, irregular starts, the last one at L - k.

    Raises
    ------
    WindowError
        If the kernel is not positive or O windows do not fit: O + k - 1 ≤ L.
    """
    if kernel < 1:
        raise WindowError(f"kernel {kernel} is too small; use 1 or more")
    if size < 0 or size + kernel - 1 > length:
        raise WindowError(
            f"{size} windows of kernel {kernel} do not fit in {length}; "
            f"use a size between 0 and {length - kernel + 1}"
        )
    return Spans(tuple(starts), tuple(start + kernel for start in starts))


def windows(
    axes: int,
    kernel: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Window, ...]:
    """Make a `Window` for each axis; a stride that is None or empty is the kernel.

    Examples
    --------
    >>> [w.stride for w in windows(2, (3, 2))]
    [3, 2]
    """
    kernels = per_axis("kernel", kernel, axes)
    strides = strides_of(stride, kernels)
    paddings = per_axis("padding", padding, axes)
    dilations = per_axis("dilation", dilation, axes)
    return tuple(
        Window(k, s, p, d, ceil_mode)
        for k, s, p, d in zip(kernels, strides, paddings, dilations, strict=True)
    )
