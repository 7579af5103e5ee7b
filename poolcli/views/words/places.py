"""Places of windows and of values, in words."""

from collections.abc import Sequence

from poolcli.views.words.language import say

__all__ = ["place_text", "spot_text", "window_text"]


def spot_text(spot: Sequence[int]) -> str:
    """Format the place of a window in the result.

    >>> spot_text((0, 3))
    '0,3'
    """
    return ",".join(map(str, spot))


def place_text(place: Sequence[int]) -> str:
    """Format the place of a value in words.

    >>> place_text((1, 3)), place_text((0, 1, 3))
    ('row 1, column 3', 'plane 0, row 1, column 3')
    """
    if len(place) == 3:
        return say(
            "plane {plane}, row {row}, column {column}",
            plane=place[0],
            row=place[1],
            column=place[2],
        )
    return say("row {row}, column {column}", row=place[0], column=place[1])


def window_text(spot: Sequence[int], told: str) -> str:
    """Tell something of a window, which its place in the result names.

    >>> window_text((0, 3), "no value won")
    'window 0,3: no value won'
    """
    return say("window {name}: {told}", name=spot_text(spot), told=told)
