"""Other people's programs, by which some tests have pictures written or read."""

import re
import subprocess

import pytest

__all__ = [
    "needs",
    "needs_avifenc",
    "needs_exiftool",
    "needs_ffmpeg",
    "needs_imagemagick",
    "needs_netpbm",
]


def needs(title: str, program: str, option: str, answer: str) -> pytest.MarkDecorator:
    """Skip a test unless a program of this name says by its version line that it is the one."""
    try:
        asked = subprocess.run(
            [program, option],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        told = (asked.stdout + asked.stderr).decode(errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        told = ""
    missing = re.search(answer, told, re.MULTILINE) is None
    return pytest.mark.skipif(missing, reason=f"{title} is not installed")


needs_avifenc = needs("avifenc", "avifenc", "--version", r"^Version: \d")
needs_exiftool = needs("ExifTool", "exiftool", "-ver", r"^\d+\.\d+$")
needs_ffmpeg = needs("FFmpeg", "ffmpeg", "-version", r"^ffmpeg version ")
needs_imagemagick = needs("ImageMagick", "convert", "-version", r"^Version: ImageMagick ")
needs_netpbm = needs("Netpbm", "pnmtopng", "-version", r"Version: Netpbm ")
