"""Where things lie on the sheet of poolcli compare, and on which scale they are shown."""

import numpy as np
import pytest

from poolcli.errors import WindowError
from poolcli.jobs.operation import Operation
from poolcli.studies.comparison import Detail, choose_detail, pool_frame
from poolcli.studies.first_frame import FirstFrame
from poolcli.views.contact_sheet import THEMES, contact_sheet
from poolcli.views.drawing.scene import Box, Label, Raster, Scene
from tests.oracle import Array
from tests.pictures import noise


def sheet(
    x: Array, mode: str, *names: str, theme: str = "light", at: tuple[int, int] | None = None
) -> Scene:
    frame = FirstFrame(x, mode)
    row = [pool_frame(frame, Operation(name, 2)) for name in names]
    return contact_sheet("x.png", frame, [row], THEMES[theme], at)


def rasters(scene: Scene) -> list[Raster]:
    """The whole pictures and the details, in turns."""
    return [item for item in scene.items if isinstance(item, Raster)]


@pytest.mark.parametrize(("count", "columns"), [(1, 2), (2, 3), (3, 2), (4, 3), (5, 3)])
def test_panels_are_in_lines_of_two_or_three(count: int, columns: int) -> None:
    """The input and two others in one line, three others in two lines of two."""
    names = ["max", "min", "avg", "median", "mode"][:count]
    places = [(one.y, one.x) for one in rasters(sheet(noise((30, 40, 3)), "RGB", *names))[::2]]
    assert len({x for _, x in places}) == columns
    assert places == sorted(places)
    assert len(set(places)) == count + 1


def test_the_part_that_is_enlarged_is_marked_where_it_lies() -> None:
    """Twice as far from the left as from the top; the mark is as large as the part."""
    scene = sheet(noise((150, 300, 3)), "RGB", "max", at=(50, 100))
    whole = rasters(scene)[0]
    scale = whole.image.width / 300
    marks = [item for item in scene.items if isinstance(item, Box) and item.stroke == "#ffd000"]
    mark = marks[0]
    assert (mark.x - whole.x, mark.y - whole.y) == pytest.approx((100 * scale, 50 * scale), abs=1)
    assert mark.width / mark.height == pytest.approx(380 / 213, rel=0.05)
    for box in marks:
        holder = [
            one
            for one in rasters(scene)
            if one.x - 1 <= box.x and box.x + box.width <= one.x + one.image.width + 1
            and one.y - 1 <= box.y and box.y + box.height <= one.y + one.image.height + 1
        ]  # fmt: skip
        assert holder, "a frame lies outside every picture"


MAX2, MAX8 = Operation("max", 2), Operation("max", 8)


@pytest.mark.parametrize(
    ("at", "operations", "detail"),
    [
        ((0, 0), [MAX2], Detail((0, 0), (40, 40))),
        ((99, 199), [MAX2], Detail((60, 160), (40, 40))),
        ((30, 150), [MAX2], Detail((30, 150), (40, 40))),
        ((0, 0), [MAX2, MAX8], Detail((0, 0), (100, 100))),
        ((99, 199), [MAX8, MAX2], Detail((0, 100), (100, 100))),
    ],
)
def test_the_part_is_inside_and_wide_enough_for_the_widest_stride(
    at: tuple[int, int], operations: list[Operation], detail: Detail
) -> None:
    assert choose_detail(np.zeros((100, 200)), operations, at, (10, 10)) == detail


@pytest.mark.parametrize("at", [(100, 0), (0, 200)])
def test_a_part_that_begins_outside_is_refused(at: tuple[int, int]) -> None:
    with pytest.raises(
        WindowError, match=r"is outside 100 rows and 200 columns; use 0,0 to 99,199"
    ):
        choose_detail(np.zeros((100, 200)), [MAX2], at, (10, 10))


def test_poolings_are_shown_on_the_scale_of_the_input() -> None:
    """All that is left of 0 to 40 000 is 20 000 and more: grey and white, not black and white."""
    x = np.zeros((40, 40, 1), np.uint16)
    x[::2, ::2] = 20_000
    x[20:, ::2] = 40_000
    pooled = np.asarray(rasters(sheet(x, "I;16", "max"))[2].image)
    assert set(pooled[..., 0].flat) == {128, 255}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_invisible_has_the_colour_of_the_sheet(theme: str) -> None:
    x = noise((20, 30, 4)).copy()
    x[..., 3] = 0
    ground = THEMES[theme].rgb
    for one in rasters(sheet(x, "RGBA", "max", theme=theme)):
        assert (np.asarray(one.image) == ground).all()


def test_a_sheet_is_as_high_as_what_is_on_it() -> None:
    for count in (1, 3, 5):
        names = ["max", "min", "avg", "median", "mode"][:count]
        scene = sheet(noise((30, 40, 3)), "RGB", *names)
        low = max(one.y + one.image.height for one in rasters(scene))
        right = max(one.x + one.image.width for one in rasters(scene))
        texts = [item for item in scene.items if isinstance(item, Label)]
        assert 20 < scene.height - low < 80
        assert 20 < scene.width - right < 80
        assert all(0 < item.y < low and 0 < item.x < scene.width for item in texts)
