"""Processes in a namespace of their own, as in a container: none sees another one's number."""

import subprocess
from typing import Any

import pytest

__all__ = ["in_namespace", "needs_namespaces"]

_WAYS = (["unshare"], ["unshare", "--map-root-user"])
"""Who may not make namespaces may perhaps as a user that is root in one of its own."""

_BEGIN = ["--pid", "--fork", "--kill-child", "--mount-proc"]


def _way() -> list[str] | None:
    for way in _WAYS:
        try:
            subprocess.run([*way, *_BEGIN, "true"], capture_output=True, check=True, timeout=60)
        except (OSError, subprocess.SubprocessError):
            continue
        return [*way, *_BEGIN]
    return None


_FOUND = _way()

needs_namespaces = pytest.mark.skipif(
    _FOUND is None, reason="unshare(1) is missing, or may not make a namespace of processes here"
)


def in_namespace(words: list[str], *, before: int = 60, **options: Any) -> subprocess.Popen[str]:
    """Start a program that is alone in its namespace, after so many numbers were used up there."""
    assert _FOUND is not None
    script = f'for i in $(seq {before}); do (exit); done; "$@"; exit $?'
    return subprocess.Popen(
        [*_FOUND, "sh", "-c", script, "sh", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )
