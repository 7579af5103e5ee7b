"""Frames of an animation or pages, as a format takes them."""

from typing import Any, NamedTuple

import numpy as np

from poolcli.errors import PictureError
from poolcli.media.picture import Frame
from poolcli.media.pillow.writing.limits import check_durations

__all__ = ["PlannedFrames", "plan_frames"]

_ANIMATED = {"AVIF", "GIF", "PNG", "WEBP"}
_MAX_PLAYS = {"GIF": 65536, "PNG": 2**32 - 1, "WEBP": 65535}
_HUNDREDTH = 10
"""Milliseconds that a GIF counts durations in."""


class PlannedFrames(NamedTuple):
    """Frames to write.

    Attributes
    ----------
    frames : list of Frame
        At least one; several that look alike may have become one.
    options : dict
        Pillow's options for saving.
    notes : list of str
        Notes to the user on what is not carried over.
    """

    frames: list[Frame]
    options: dict[str, Any]
    notes: list[str]


def plan_frames(name: str, frames: list[Frame]) -> PlannedFrames:
    """Plan the several frames of a picture.

    Parameters
    ----------
    name : str
        Pillow's name of the format.
    frames : list of Frame
        Two or more.

    Raises
    ------
    PictureError
        If the format holds one frame only, or a frame is shown for too long.
    """
    animation = any(frame.duration is not None for frame in frames)
    alike = len({frame.pixels.shape[:2] for frame in frames}) == 1
    if name == "TIFF":
        notes = ["durations dropped: TIFF has no place for them"] if animation else []
        return PlannedFrames(frames, {"save_all": True}, notes)
    if name not in _ANIMATED or not animation or not alike:
        what = "frames" if animation else "pages"
        raise PictureError(
            f"{name} cannot hold the {len(frames)} {what} of this picture; "
            f"use {'.webp, .gif or .png' if animation else '.tif'}, or --frame N to take one"
        )
    loop, notes = _loop(name, frames[0].metadata.loop)
    durations = [frame.duration or 0 for frame in frames]
    if name == "GIF":
        frames, durations = _merged(frames, durations)
        rounded = _in_hundredths(durations)
        if rounded != durations:
            notes.append("durations were rounded to hundredths of a second")
        durations = rounded
    check_durations(name, durations)
    options: dict[str, Any] = {"save_all": True, "duration": [round(time) for time in durations]}
    options |= {} if loop is None else {"loop": loop}
    if name == "PNG":
        # Frames are whole: each replaces all of the previous one, alpha included.
        default_image = frames[0].metadata.default_image
        options |= {"blend": 0, "disposal": 0, "default_image": default_image}
        options["duration"] = options["duration"][default_image:]
    if len(frames) == 1:
        del options["save_all"]
        options["duration"] = options["duration"][0]
    return PlannedFrames(frames, options, notes)


def _loop(name: str, plays: int | None) -> tuple[int | None, list[str]]:
    """Express how often an animation plays in the format's own number."""
    if name == "AVIF":
        return None, ["number of plays dropped: AVIF has no place for it"] if plays else []
    if plays is None:
        return 0 if name == "GIF" else None, []
    most = _MAX_PLAYS[name]
    notes = [f"plays {most} times, the most that {name} holds, not {plays}"] if plays > most else []
    plays = min(plays, most)
    if name != "GIF":
        return plays, notes
    # The block of a GIF counts repetitions; without one it plays once.
    return (None if plays == 1 else plays - 1 if plays else 0), notes


def _merged(frames: list[Frame], durations: list[float]) -> tuple[list[Frame], list[float]]:
    """Join frames that look alike, one after another; Pillow would write a single one wrongly."""
    kept, times = [frames[0]], [durations[0]]
    for frame, duration in zip(frames[1:], durations[1:], strict=True):
        same = frame.mode == kept[-1].mode and frame.palette == kept[-1].palette
        if same and np.array_equal(np.asarray(frame.pixels), np.asarray(kept[-1].pixels)):
            times[-1] += duration
        else:
            kept.append(frame)
            times.append(duration)
    return kept, times


def _in_hundredths(durations: list[float]) -> list[float]:
    """Round durations so that each frame begins within half a hundredth of its time.

    >>> _in_hundredths([33, 33, 34])
    [30, 40, 30]
    """
    begins = np.cumsum([0, *durations]) / _HUNDREDTH
    return [round(step) * _HUNDREDTH for step in np.diff(np.floor(begins + 0.5))]
