"""The catalogues: each entry is said somewhere, and fills in the same names."""

import re
from collections import Counter
from pathlib import Path

import pytest

import poolcli
from poolcli.views.drawing.wrapping import wrap_words
from poolcli.views.words.catalogue import LANGUAGES, Catalogue, load_catalogue
from poolcli.views.words.language import say, speaking

ROOT = Path(poolcli.__file__).parent
TRANSLATED = [language for language in LANGUAGES if language != "en"]


def texts(language: str) -> dict[str, str]:
    catalogue = load_catalogue(language)
    assert isinstance(catalogue, Catalogue)
    return catalogue.texts


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_same_names_are_filled_in(language: str) -> None:
    for text, words in texts(language).items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", words)), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_translated_twice(language: str) -> None:
    source = (ROOT / "views" / "words" / f"{language}.po").read_text("utf-8")
    listed = re.findall(r"^msgid (.+)$", source, re.MULTILINE)
    assert [text for text, count in Counter(listed).items() if count > 1] == []


def test_entries_of_several_lines_and_those_without_words() -> None:
    source = (
        'msgid ""\nmsgstr "Language: x\\n"\n\n# a note\nmsgid "a "\n"b"\nmsgstr ""\n"c "\n"\\"d"\n'
    )
    catalogue = Catalogue.parse(source + '\nmsgid "open"\nmsgstr ""\n')
    assert catalogue.texts == {"a b": 'c "d'}
    assert catalogue.gettext("open") == "open"


def test_a_language_is_spoken_within_its_block_alone() -> None:
    assert say("stride {size}", size=2) == "stride 2"
    with speaking("zh"):
        assert say("stride {size}", size=2) == "步长 2"
        with speaking("en"):
            assert say("stride {size}", size=2) == "stride 2"
        assert say("stride {size}", size="{x}") == "步长 {x}"
    assert say("stride {size}", size=2) == "stride 2"


@pytest.mark.parametrize("width", [4, 7, 10, 23])
def test_no_line_begins_with_a_closing_mark(width: int) -> None:
    text = "最大池化，池化核 2（步长 2）：结果为 4×4。窗口 0,0：max(1, 3) = 3，位于第 1 行"
    lines = wrap_words(text, width, len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not [line for line in lines if line[0] in "，。：）"]
    assert all(len(line) <= width for line in lines if len(line.split()) > 1)


def test_catalogues_are_part_of_the_package() -> None:
    assert [path.stem for path in (ROOT / "views" / "words").glob("*.po")] == TRANSLATED


def test_the_chinese_readme_shows_terms_as_the_figures_have_them() -> None:
    readme = (ROOT / "README.zh.md").read_text("utf-8")
    for term in (
        "最大池化",
        "平均池化",
        "步长",
        "填充",
        "空洞",
        "池化核",
        "全局平均池化",
        "窗口",
        "通道",
        "反池化",
    ):
        assert term in readme
    (block,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    exec(compile(block, "README.zh.md", "exec"), {})
