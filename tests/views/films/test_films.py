"""poolcli explain --save walk.gif: films as files, read back picture by picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from poolcli.errors import PoolingError
from poolcli.jobs.operation import Operation
from poolcli.studies.explanation import Explanation
from poolcli.studies.number_map import NumberMap, classic_map, parse_map
from poolcli.studies.shown_part import choose_part
from poolcli.views.boards.figure import board_figure
from poolcli.views.boards.forward import Forward
from poolcli.views.drawing.raster import rasterise
from poolcli.views.drawing.scene import Box, Label, Scene
from poolcli.views.films.film import Film, Shot
from poolcli.views.films.walk import walk_film
from tests.commands import Run

MEGABYTE = 1_000_000
TWO = "1 3 2 1; 4 6 5 0"


def film_of(operation: Operation, numbers: NumberMap | None = None) -> Film:
    explanation = Explanation(numbers or classic_map(), operation)
    return walk_film(Forward(explanation), choose_part(explanation, (0, 0), (4, 4)))


def numbers(scene: Scene, right_of: float) -> list[str]:
    """The numbers in the cells that lie right of a place."""
    labels = [item for item in scene.items if isinstance(item, Label) and item.size == 18]
    return [label.text for label in labels if label.x > right_of]


def _rings(scene: Scene) -> int:
    """How many winners are ringed, the one in the legend not counted."""
    return sum(isinstance(item, Box) and item.radius > 10 for item in scene.items)


@pytest.mark.parametrize("name", ["walk.gif", "walk.webp", "walk.png"])
def test_a_film_has_two_pictures_for_each_window(run: Run, name: str) -> None:
    done = run("explain", "--matrix", TWO, "--save", name, "--fps", 4)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{name}: Max pooling, kernel 2, stride 2: 2×4 → 1×2\n"
    film = film_of(Operation("max", 2), parse_map(TWO))
    with Image.open(name) as image:
        assert (image.n_frames, image.info["loop"]) == (4, 0)  # type: ignore[attr-defined]
        pictures, durations = [], []
        for frame in ImageSequence.Iterator(image):
            frame.load()
            pictures.append(np.asarray(frame.convert("RGB")).astype(int))
            durations.append(round(frame.info["duration"]))
    assert durations == [250] * 3 + [1000]
    for shown, shot in zip(pictures, film.shots, strict=True):
        apart = np.abs(shown - np.asarray(rasterise(shot.scene, 2)).astype(int)).max(axis=2)
        assert apart.max() < 60  # only shades at the edges of letters may differ
        assert (apart > 0).mean() < 0.02


def test_the_result_fills_and_winners_light_up_one_after_the_other() -> None:
    film = film_of(Operation("max", 2))
    filled = [numbers(shot.scene, 330) for shot in film.shots]
    assert ["".join(found) for found in filled] == ["", "6", "6", "65", "65", "659", "659", "6597"]
    assert [_rings(shot.scene) for shot in film.shots] == [0, 1, 1, 2, 2, 3, 3, 4]


def test_a_picture_of_a_film_is_the_figure_of_its_window() -> None:
    explanation = Explanation(classic_map(), Operation("avg", 3, 1, padding=1))
    part = choose_part(explanation, (0, 0), (4, 4))
    film = walk_film(Forward(explanation), part)
    assert len({(shot.scene.width, shot.scene.height) for shot in film.shots}) == 1
    still = board_figure(Forward(explanation).board(part, (3, 3)))
    assert film.shots[-1].scene.items == still.items


def test_a_png_is_a_figure_unless_pictures_a_second_are_asked_for(run: Run) -> None:
    assert run("explain", "--save", "still.png").code == 0
    with Image.open("still.png") as image:
        assert getattr(image, "n_frames", 1) == 1
    assert run("explain", "--save", "slow.gif").code == 0
    assert Path("slow.gif").stat().st_size < MEGABYTE
    with Image.open("slow.gif") as image:
        assert image.info["duration"] == 500


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--save f.jpg", "f.jpg: a figure is .svg, .png or .html, and a film .gif, .webp or .png"),
        ("--save f.svg --fps 2", "--fps is for films, not for .svg; use a .gif, .webp or .png"),
        ("--fps 2", "--fps is for films; give --save"),
        ("--save f.gif --fps nan", "--fps nan is not between 0.1 and 50"),
        ("--save f.gif --fps 51", "--fps 51 is not between 0.1 and 50"),
        ("--save f.gif --fps -1", "--fps -1 is not between 0.1 and 50"),
    ],
)
def test_wrong_words_write_nothing(run: Run, words: str, told: str) -> None:
    done = run("explain", *words.split())
    assert done.code == 2
    assert done.failure.startswith(told)
    assert not [*Path().iterdir()]


def test_a_film_that_nobody_would_watch_is_refused_in_time(run: Run) -> None:
    np.save("large.npy", np.zeros((300, 300)))
    Path("old.gif").write_bytes(b"old")
    done = run("explain", "large.npy", "--area", "34x34", "--save", "old.gif")
    assert done.code == 1
    assert done.failure == (
        "old.gif: 289 windows are too many for a film; use a smaller --area, of 256 windows at most"
    )
    assert Path("old.gif").read_bytes() == b"old"
    scene = Scene(4000, 4000, "#ffffff", "")
    with pytest.raises(PoolingError, match=r"^11 pictures of 4000×4000 pixels are too much for"):
        Film([Shot(scene)] * 11)
