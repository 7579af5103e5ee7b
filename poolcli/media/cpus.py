"""The processors that encoding and decoding may use."""

import os

__all__ = ["usable_cpus"]


def usable_cpus() -> int:
    """Number of CPUs that this process may use."""
    count = getattr(os, "process_cpu_count", None)  # Python 3.13
    if count is not None:
        return count() or 1
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
