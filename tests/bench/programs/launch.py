"""Run a command and print what it took, as JSON: ``python -I -S launch.py COMMAND [WORD ...]``.

A process inherits its parent's peak memory as long as it has not had more of its own, so that a
command is started from here, where there is next to nothing, and not from the bench. Where the
system can have orphans become ours, what the command's own children took is counted even if it did
not wait for them.
"""

import ctypes
import json
import os
import subprocess
import sys
import time
from resource import struct_rusage

_SUBREAPER = 36
"""The number of Linux's PR_SET_CHILD_SUBREAPER."""

_PATIENCE = 5.0
"""Seconds that orphans have to end."""


def main() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    began = time.perf_counter()
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    usages = [usage, *_of_orphans()]
    unit = 1 if sys.platform == "darwin" else 1024
    print(
        json.dumps(
            {
                "wall": wall,
                "cpu": sum(usage.ru_utime + usage.ru_stime for usage in usages),
                "peak": max(usage.ru_maxrss for usage in usages) * unit,
                "code": os.waitstatus_to_exitcode(status),
            }
        )
    )


def _of_orphans() -> list[struct_rusage]:
    usages = []
    until = time.perf_counter() + _PATIENCE
    while time.perf_counter() < until:
        try:
            process, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if process:
            usages.append(usage)
        else:
            time.sleep(0.01)
    return usages


if __name__ == "__main__":
    main()
