"""--lang zh, and LANG: which language is spoken, and where English stands in for it."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageFont
from rich.cells import cell_len

import poolcli
from poolcli.views.drawing import chinese_font
from poolcli.views.words.language import language_of
from tests.commands import Outcome, Run, Shell
from tests.pictures import Photo

SVG = "{http://www.w3.org/2000/svg}"
NO_FONT = "no font with Chinese characters was found"

needs_font = pytest.mark.skipif(
    chinese_font.chinese_font(16) is None, reason="the system has no font with Chinese characters"
)


@pytest.fixture
def without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that has no font for Chinese."""
    monkeypatch.setattr("poolcli.views.drawing.drawn._font_is_there", lambda: False)


TERMS = {
    "max": "最大池化，池化核 2，步长 2：4×4 → 2×2",
    "avg -k 3 -s 2 --ceil": "平均池化，池化核 3，步长 2，向上取整（ceil mode）：4×4 → 2×2",
    "avg -k 3 -s 1 -p 1": "平均池化，池化核 3，步长 1，填充 1：4×4 → 4×4",
    "max -k 2 -d 2 -s 1": "最大池化，池化核 2，步长 1，空洞 2：4×4 → 2×2",
    "avg --global": "平均池化，全局：4×4 → 1×1",
    "unpool": "最大反池化，池化核 2，步长 2：2×2 → 4×4",
    "--backward": "最大池化的反向传播，池化核 2，步长 2：2×2 → 4×4",
    "stride": "最大池化与卷积对照，池化核 2，步长 2：4×4 → 2×2",
}


@pytest.mark.parametrize("words", TERMS)
def test_terms_are_those_of_the_tutorials(run: Run, words: str) -> None:
    out = run("explain", *words.split(), "--lang", "zh").out
    assert out.splitlines()[0] == TERMS[words]


EVERYTHING = [
    "max -k 3 -s 1 -p 1", "avg -k 3 -s 2 -p 1 --ceil --window 1,1", "avg --divisor 3",
    "min -k 2 -d 2 -s 1", "avg --exclude-pad -k 3 -p 1", "median", "median -k 3",
    "quantile --quantile 0.3", "mode", "mode --matrix 1,2;2,1", "gem", "sum", "range", "std",
    "avg --size 3", "max --global",
    "unpool", "stride -k 3 -s 1", "--backward -k 3 -s 1", "avg --backward -k 3 -s 1 -p 1",
    "sum --backward", "--skip 9", "max --skip 6 --min-valid 1", "--matrix 1,2;3,4|5,6;7,8",
    "--matrix 5,1;1,1|2,2;2,2 -k 1x2x2", "--matrix 5 -k 2 -p 1 -d 2 -s 1 --backward",
    "a.png --at 2,2 --area 2x2 -k 3", "rgba.png avg", "rgba.png mode", "a.npy --channel 1 avg",
    "a.npy -k 6 --area 3x3", "--matrix nan,1;2,3 median", "unpool --matrix 5 -k 2 -p 1 -d 2 -s 1",
]  # fmt: skip


@pytest.mark.parametrize("words", EVERYTHING)
def test_no_english_is_left(run: Run, photo: Photo, words: str) -> None:
    photo("RGB").save("a.png")
    photo("RGBA").save("rgba.png")
    np.save("a.npy", np.arange(600.0).reshape(2, 15, 20) % 7)
    done = run("explain", *words.split(), "--lang", "zh", "--save", "f.svg")
    assert done.code == 0, done
    root = ElementTree.parse("f.svg").getroot()
    told = [element.text or "" for element in root.iter(f"{SVG}text")]
    known = r"(max|min)\(|nan|ceil mode|GeM|alpha|rgba\.png|a\.png|a\.npy"
    left = [text for text in told if re.search("[A-Za-z]{2}", re.sub(known, "", text))]
    assert left == []
    printed = run("explain", *words.split(), "--lang", "zh").out
    assert not re.search("[A-Za-z]{2}", re.sub(known, "", printed))
    assert max(map(cell_len, printed.splitlines())) <= 80


def test_the_environment_chooses_and_the_option_overrules_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert run("explain").out.startswith("最大池化，")
    assert run("explain", "--lang", "en").out.startswith("Max pooling, ")


def test_english_is_printed_where_the_encoding_has_no_chinese(shell: Shell) -> None:
    environment = {"LANG": "zh_CN.UTF-8", "PYTHONIOENCODING": "ascii"}
    done = shell("explain", env=environment)
    assert done.out.startswith("Max pooling, kernel 2, stride 2: 4x4 -> 2x2\n")
    assert done.err == ""


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "zh_SG@pinyin"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
    ],
)
def test_variables_count_in_their_order(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_an_unknown_language_is_refused(run: Run, photo: Photo) -> None:
    photo("L", (40, 30)).save("a.png")
    sheet, table = ["compare", "a.png", "b.png", "-k", "2"], ["invariance", "a.png", "-k", "2"]
    for command in (["explain"], sheet, table):
        done = run(*command, "--lang", "fr")
        assert (done.code, done.failure) == (
            2, "--lang: language 'fr' is not spoken here; use en or zh"
        )  # fmt: skip


@needs_font
def test_pictures_have_chinese_characters(run: Run, photo: Photo) -> None:
    done = run("explain", "--lang", "zh-Hans", "--matrix", "1,3;4,6", "--save", "f.gif")
    assert done == Outcome(0, "f.gif: 最大池化，池化核 2，步长 2：2×2 → 1×1\n", "")
    zh, en = (poolcli.explain([[1, 2]], lang=lang)._repr_png_() for lang in ("zh", "en"))
    assert zh != en
    photo("RGB", (40, 30)).save("a.png")
    assert run("compare", "a.png", "b.png", "-k", 2, "--ops", "max", "--lang", "zh").err == ""


@pytest.mark.usefixtures("without_fonts")
def test_without_a_font_pictures_are_in_english_with_a_note(run: Run) -> None:
    done = run("explain", "--lang", "zh", "--save", "f.png")
    assert done.out == "f.png: Max pooling, kernel 2, stride 2: 4×4 → 2×2\n"
    assert done.err == (
        f"poolcli: note: f.png is in English, as {NO_FONT}; install one, such as Noto Sans CJK, "
        "or write an .svg\n"
    )
    poolcli.explain().save("g.png")
    assert Path("f.png").read_bytes() == Path("g.png").read_bytes()
    with pytest.warns(UserWarning, match=NO_FONT):
        poolcli.explain(lang="zh").save("h.png")
    assert Path("h.png").read_bytes() == Path("g.png").read_bytes()
    assert run("explain", "--lang", "zh", "--save", "f.svg").err == ""
    assert "最大池化" in Path("f.svg").read_text("utf-8")


def test_sheets_and_plots_are_in_the_language(run: Run, photo: Photo) -> None:
    photo("RGB", (40, 30)).save("a.png")
    assert run("compare", "a.png", "b.svg", "--kernels", "2,4", "--lang", "zh").code == 0
    told = Path("b.svg").read_text("utf-8")
    assert "a.png 的池化对比：2 种池化核" in told
    assert ">最大<" in told
    out = run("invariance", "a.png", "c.svg", "-k", 3, "-s", 2, "--lang", "zh").out
    assert out.startswith("a.png 的最大池化，池化核 3，输入向左平移\n")
    assert "平移的像素数" in Path("c.svg").read_text("utf-8")
    lines = out.splitlines()
    assert len({cell_len(line) for line in lines[3:12]}) == 1


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {"HOME": "/h"}, Path("/h/.local/share/fonts")),
        ("linux", {"HOME": "/h", "XDG_DATA_HOME": "/d"}, Path("/d/fonts")),
        ("darwin", {"HOME": "/h"}, Path("/h/Library/Fonts")),
        ("win32", {"WINDIR": "W", "LOCALAPPDATA": "L"}, Path("L/Microsoft/Windows/Fonts")),
    ],
)
def test_fonts_are_looked_for_where_the_system_has_them(
    platform: str, environment: dict[str, str], folder: Path
) -> None:
    assert folder in chinese_font.font_folders(platform, environment)


def test_the_better_font_is_found_in_any_folder(tmp_path: Path) -> None:
    assert chinese_font.find_fonts([tmp_path, tmp_path / "none"]) == []
    for name in ("a/wqy-zenhei.ttc", "b/c/NotoSansSC-Regular.otf", "b/Arial.ttf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = chinese_font.find_fonts([tmp_path])
    assert [path.name for path in found] == ["NotoSansSC-Regular.otf", "wqy-zenhei.ttc"]


def test_a_font_that_cannot_be_opened_is_passed_over(tmp_path: Path) -> None:
    broken, whole = tmp_path / "broken.otf", tmp_path / "whole.otf"
    broken.write_bytes(b"OTTO")
    font = ImageFont.load_default(10)
    assert isinstance(font, ImageFont.FreeTypeFont)
    whole.write_bytes(font.font_bytes)
    assert chinese_font.first_readable([broken, tmp_path / "none.ttf", whole]) == whole
    assert chinese_font.first_readable([broken]) is None


@needs_font
def test_chinese_text_has_ink_as_wide_as_it_is_measured() -> None:
    from poolcli.views.drawing.lettering import draw_text, text_width

    image = Image.new("RGB", (200, 40), "#ffffff")
    draw_text(image, (10, 30), "步长 2", 20, "#000000")
    dark = np.flatnonzero((np.asarray(image)[..., 0] < 128).any(0))
    assert 10 <= dark.min() <= 16
    assert 4 + text_width("步长 2", 20) <= dark.max() <= 11 + text_width("步长 2", 20)


def test_a_browser_is_told_the_language(run: Run) -> None:
    for language, attribute in (("zh", "zh"), ("en", None)):
        assert run("explain", "stride", "--lang", language, "--save", "f.svg").code == 0
        assert ElementTree.parse("f.svg").getroot().get("lang") == attribute
        poolcli.compare([[1, 2], [3, 4]], kernel=1, lang=language).save("f.html")
        assert f'<html lang="{language}">' in Path("f.html").read_text("utf-8")
