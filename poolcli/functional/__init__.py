"""PyTorch's poolings, by their names and with their arguments, for NumPy arrays.

Each pooling of ``torch.nn.functional`` stands here with its signature and gives its numbers, ties,
NaNs and indices; ``min_pool`` and the ``_backward`` functions follow the same pattern. Nothing is
computed here. The differences, on purpose:

- every integer dtype and bool is taken; means of integers are exact and rounded half up;
- any number of leading axes is taken, and ``dilation`` by ``min_pool`` too;
- means of floats may be summed in another order, never less exactly;
- a window without any tap in the input has index -1;
- 3-D windows may be larger than the input where 1-D and 2-D ones may.

Shapes are (..., L) for 1-D, (..., H, W) for 2-D and (..., D, H, W) for 3-D; each output length is
⌊(L + 2·padding - dilation·(kernel_size - 1) - 1) / stride⌋ + 1, or as ``output_size`` says. The 2-D
functions also take a Pillow image. It is read as torchvision's ``pil_to_tensor`` reads it, as
(C, H, W), but 1 bit becomes grey and a palette RGB or RGBA; the result is (C, H', W').

Errors are `poolcli.PoolingError` (a ValueError) for what cannot be pooled, its child
`poolcli.WindowError` for numbers that are out of range, and TypeError for arguments of another
type; each names the argument.

Source: https://docs.pytorch.org/docs/stable/nn.functional.html#pooling-functions

Examples
--------
>>> import numpy as np
>>> max_pool2d(np.zeros((3, 201, 250)), 6, 2).shape
(3, 98, 123)
>>> values, indices = max_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2, return_indices=True)
>>> max_unpool1d(values, indices, 2)
array([[0., 3., 2., 0.]])
>>> adaptive_avg_pool2d(np.ones((4, 3, 4, 4)), 1).shape
(4, 3, 1, 1)
"""

from poolcli.functional.adaptive_avg_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
)
from poolcli.functional.adaptive_max_pooling import (
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
)
from poolcli.functional.avg_pooling import avg_pool1d, avg_pool2d, avg_pool3d
from poolcli.functional.fractional_pooling import fractional_max_pool2d, fractional_max_pool3d
from poolcli.functional.gradients import avg_pool2d_backward, max_pool2d_backward
from poolcli.functional.lp_pooling import lp_pool1d, lp_pool2d, lp_pool3d
from poolcli.functional.max_pooling import max_pool1d, max_pool2d, max_pool3d
from poolcli.functional.min_pooling import min_pool1d, min_pool2d, min_pool3d
from poolcli.functional.unpooling import max_unpool1d, max_unpool2d, max_unpool3d

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool2d_backward",
    "avg_pool3d",
    "fractional_max_pool2d",
    "fractional_max_pool3d",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
    "max_pool1d",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool3d",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "min_pool1d",
    "min_pool2d",
    "min_pool3d",
]
