"""One thread for everybody, in this process and in its children; bytecode for everybody too."""

import os

__all__ = ["child_environment", "use_one_thread"]

_ONE_THREAD = dict.fromkeys(
    (
        "MAGICK_THREAD_LIMIT",
        "MKL_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "VIPS_CONCURRENCY",
    ),
    "1",
)


def use_one_thread() -> None:
    """Must come before NumPy or a peer is imported."""
    os.environ.update(_ONE_THREAD)


def child_environment(*, one_thread: bool) -> dict[str, str]:
    """The environment as it was before, or with one thread for all.

    Without bytecode, which nobody else goes without, what is slow to load is ours alone.
    """
    left_out = {*_ONE_THREAD, "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | (_ONE_THREAD if one_thread else {})
