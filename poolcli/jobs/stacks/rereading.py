"""The parts of a stack that its boxes ask for more than once."""

from poolcli.core.geometry.boxes import needed
from poolcli.jobs.stacks.boxes import PooledPlane
from poolcli.jobs.stacks.runs import PooledRun

__all__ = ["bytes_read_again"]


def bytes_read_again(
    pooled: PooledPlane, run: PooledRun, rows: int, columns: int, *, planar: bool = False
) -> int:
    """Count the bytes of segments between two uses of the same one, while boxes are pooled.

    Parameters
    ----------
    rows, columns : int
        Of a box of the result.
    planar : bool
        Whether the boxes of a channel are pooled before those of the next.
    """
    height, width, channels = pooled.plan.x.shape[-3:]
    high, wide = pooled.plane.segment
    size = min(rows, pooled.shape[0]), min(columns, pooled.shape[1])
    box = (*(pooled.place or ()), slice(0, size[0]), slice(0, size[1]), slice(0, 1))
    down, across = (one.stop - one.start for one in needed(pooled.plan, box)[-3:-1])
    touched = min((-(-down // high) + 1) * high, height)
    areas = [0]
    if across < wide:  # the next box in the row
        areas.append(touched * wide)
    if down < high:  # the next row of boxes
        areas.append(touched * width)
    if pooled.depth * run.planes > run.run.planes:  # the next pooled plane
        areas.append(height * width)
    pixel = pooled.plan.x.dtype.itemsize * (1 if planar else channels)
    return max(areas) * pixel * pooled.depth
