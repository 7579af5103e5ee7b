"""What poolcli invariance says of its numbers, and which windows it looks at."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from poolcli.errors import PictureError
from poolcli.jobs.operation import Operation
from poolcli.studies.first_frame import FirstFrame
from poolcli.studies.invariance import SHIFTS, ShiftSensitivity, measure_sensitivity
from poolcli.views.drawing.scene import Label
from poolcli.views.sensitivity import sensitivity_plot, sensitivity_table
from tests.commands import Run
from tests.pictures import noise

FOUND = ShiftSensitivity(
    "max", (6, 6), (2, 2), list(range(SHIFTS)),
    input=[0, 0.50, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2],
    pooled=[0, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.2, 1.3],
    dense=[0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    pooled_moved=[0, 0.1, 0, 0.3, 0, 0.2, 0, 0.1, 0],
    dense_moved=[0.0] * SHIFTS,
)  # fmt: skip


def words(**numbers: Any) -> str:
    return " ".join(sensitivity_table("x.png", replace(FOUND, **numbers)))


def test_the_change_by_one_pixel_is_compared() -> None:
    begin = "changes the input by 50.0% and the pooled picture by 25.0%: less, but not zero"
    assert begin in words()
    more = words(pooled=[0, 0.6, *FOUND.pooled[2:]])
    assert "by 50.0% and the pooled picture by 60.0%: not less." in more


def test_the_first_shift_from_which_pooling_changes_more_is_told() -> None:
    assert "From shift 3 on, the pooled picture changes more than the input." in words()
    assert "changes more than" not in words(pooled=[0.0] * SHIFTS)


def test_the_worst_shift_is_what_the_stride_costs() -> None:
    told = "still differs by up to 30.0% (shift 3) with stride 2, and by 0.0% with stride 1"
    assert told in words()


@pytest.mark.parametrize(
    ("highest", "top"), [(0.04, "4%"), (0.3, "30%"), (0.9, "100%"), (1.3, "150%"), (2.4, "250%"),
                         (9.0, "1000%"), (12.0, "1500%"), (30_000, "3e+06%")],
)  # fmt: skip
def test_an_axis_ends_above_the_highest_value(highest: float, top: str) -> None:
    found = replace(FOUND, input=[0.0] * 8 + [highest], pooled=[0.0] * SHIFTS, dense=[0.0] * SHIFTS)
    scene = sensitivity_plot("x.png", found)
    ticks = [item.text for item in scene.items if isinstance(item, Label) and "%" in item.text[-1:]]
    assert top in ticks


def measured(operation: Operation, width: int = 60) -> ShiftSensitivity:
    return measure_sensitivity(FirstFrame(noise((30, width, 3)), "RGB"), operation)


def test_only_windows_inside_the_picture_are_looked_at() -> None:
    plain = Operation("avg", 4, 3)
    for other in (Operation("avg", 4, 3, 2), Operation("avg", 4, 3, ceil_mode=True)):
        assert measured(other) == measured(plain)


@pytest.mark.parametrize(
    ("operation", "least"),
    [
        (Operation("max", 2), 20),
        (Operation("max", 6, 2), 24),
        (Operation("max", (9, 3), 1, dilation=(1, 4)), 26),
    ],
)
def test_the_narrowest_picture_that_can_be_shifted(operation: Operation, least: int) -> None:
    assert len(measured(operation, least).pooled) == SHIFTS
    with pytest.raises(PictureError, match=rf"use a picture of {least} columns or more"):
        measured(operation, least - 1)


def test_a_picture_without_a_change_is_refused() -> None:
    with pytest.raises(PictureError, match=r"^has the same value everywhere"):
        measure_sensitivity(FirstFrame(np.full((30, 40, 1), 7, np.uint8), "L"), Operation("max", 2))


def test_a_plot_of_any_change_is_drawn(run: Run, here: Path) -> None:
    """Next to nothing in the picture, and all that moves into it bright."""
    x = np.zeros((30, 60), np.uint8)
    x[3, 20], x[:, 52:] = 1, 255
    Image.fromarray(x).save(here / "in.png")
    for name in ("plot.svg", "plot.png"):
        assert run("invariance", "in.png", name, "-k", 2).code == 0
        assert Path(name).stat().st_size > 1000
