"""Sides and durations that a format's header can hold."""

from collections.abc import Sequence

from poolcli.errors import PictureError

__all__ = ["check_durations", "check_sides"]

_MAX_SIDES = {
    "AVIF": 65536,
    "GIF": 65535,
    "JPEG": 65500,
    "MPO": 65500,
    "MSP": 65535,
    "PDF": 65500,
    "PCX": 65534,
    "SGI": 65535,
    "TGA": 65535,
    "WEBP": 16383,
}
"""Most rows or columns of each format that has fewer than 2^31."""

_MAX_MILLISECONDS = {"AVIF": 2**32 - 1, "GIF": 655350, "PNG": 65535000, "WEBP": 2**24 - 1}


def check_sides(name: str, height: int, width: int) -> None:
    """Refuse a picture that is too large for a format.

    Raises
    ------
    PictureError
        If a side is longer than the format's header can state.

    Examples
    --------
    >>> check_sides("GIF", 2, 65535)
    """
    limit = _MAX_SIDES.get(name, 2**31 - 1)
    if max(height, width) > limit:
        raise PictureError(
            f"{name} holds at most {limit} rows and columns, and the result is {height}×{width}; "
            "use .png or .tif, or a larger stride"
        )


def check_durations(name: str, durations: Sequence[float]) -> None:
    """Refuse an animation with a frame that is shown for too long.

    Raises
    ------
    PictureError
        If a duration, in milliseconds, is longer than the format can state.

    Examples
    --------
    >>> check_durations("GIF", [100, 655350])
    """
    limit = _MAX_MILLISECONDS.get(name)
    longest = max(durations)
    if limit is not None and longest > limit:
        raise PictureError(
            f"{name} holds at most {limit / 1000:g} s a frame, and one is shown for "
            f"{longest / 1000:g} s; use .png or .webp, or --frame N to take one"
        )
