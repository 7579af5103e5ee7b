"""Names of figures and of films, and the pictures a second of these."""

from pathlib import Path

from poolcli.errors import WindowError
from poolcli.media.file_names import shown

__all__ = ["FPS", "checked_fps"]

FPS = 2.0
"""Pictures a second of a film, two for each window."""

_FIGURES, _FILMS = (".svg", ".png", ".html"), (".gif", ".webp", ".png")
_SLOWEST, _FASTEST = 0.1, 50.0


def checked_fps(path: Path, fps: float | None) -> float | None:
    """Check what is to be written: the pictures a second of a film, None for a figure.

    Raises
    ------
    WindowError
        If the name is that of neither, or the number does not suit.
    """
    suffix = path.suffix.lower()
    if suffix not in (*_FIGURES, *_FILMS):
        raise WindowError(
            f"{shown(path)}: a figure is .svg, .png or .html, and a film .gif, .webp or .png; "
            "use one of these"
        )
    if fps is None:
        return None if suffix in _FIGURES else FPS
    if suffix not in _FILMS:
        raise WindowError(f"fps is for films, not for {suffix}; use a .gif, .webp or .png name")
    if not _SLOWEST <= fps <= _FASTEST:
        raise WindowError(
            f"fps {fps:g} is not between {_SLOWEST:g} and {_FASTEST:g}; use a number between them"
        )
    return fps
