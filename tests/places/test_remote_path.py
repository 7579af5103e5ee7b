"""Words that name places in stores, and what of them may be told."""

import pickle
from pathlib import Path

import pytest

from poolcli.errors import PathError
from poolcli.jobs.paths import objects
from poolcli.jobs.paths.walk import FileFilter, joined, parted, split_kept
from poolcli.media.file_names import shown
from poolcli.media.files import is_remote, path_from, same_file
from poolcli.media.places.redaction import redacted
from poolcli.media.places.remote_path import RemotePath
from tests.commands import Run


@pytest.mark.parametrize(
    "word", ["s3://b/k.png", "S3://b", "https://host/a.png", "memory://a", "gs://b", "x+y://a"]
)
def test_words_that_begin_with_a_scheme_are_remote(word: str) -> None:
    assert is_remote(word)
    assert isinstance(path_from(word), RemotePath)


@pytest.mark.parametrize(
    "word",
    ["C:\\a.png", "C://a.png", "./s3://b/k.png", "a/s3://b", "://a", "a b://c", "s3:/b/k", "-"],
)
def test_other_words_are_local(word: str) -> None:
    assert not is_remote(word)
    assert isinstance(path_from(word), Path)


def test_a_scheme_keeps_both_its_slashes() -> None:
    path = path_from("s3://bucket/a/b.TIF/")
    assert isinstance(path, RemotePath)
    assert (str(path), path.name, path.suffix) == ("s3://bucket/a/b.TIF", "b.TIF", ".TIF")
    assert str(path.parent / "c d.png") == "s3://bucket/a/c d.png"
    assert pickle.loads(pickle.dumps(path)) == path
    with pytest.raises(TypeError):
        open(path)  # type: ignore[call-overload]  # noqa: SIM115, PTH123


def test_a_signature_is_kept_and_not_told() -> None:
    url = "https://host/a/b.png?X-Amz-Signature=12345&other=1"
    path = RemotePath.of(url)
    assert path.url == url
    for told in (str(path), repr(path), f"{path}", shown(url), shown(path), redacted(f"<{url}>")):
        assert "12345" not in told
        assert "https://host/a/b.png?***" in told
    assert redacted(redacted(f"{url}: damaged")) == "https://host/a/b.png?***: damaged"
    assert redacted("https://host/a?***12345") == "https://host/a?***"
    assert (path.name, path.suffix) == ("b.png", ".png")
    assert joined(*parted(url)) == url


def test_a_question_mark_is_a_part_of_an_objects_name() -> None:
    path = RemotePath.of("s3://bucket/what?.png")
    assert (path.name, path.query, str(path)) == ("what?.png", "", "s3://bucket/what?.png")


@pytest.mark.parametrize(
    "url", ["https://me:word@host/a.png", "https://word@host/a.png", "s3://me:word@bucket/a.png"]
)
def test_a_password_is_refused_and_not_told(run: Run, url: str) -> None:
    with pytest.raises(PathError, match=r"://\*\*\*@\w+/a.png holds a name or a password") as told:
        path_from(url)
    assert "word@" not in str(told.value)
    done = run("max", url, "out.png", "-k", 2)
    assert (done.code, "word@" in done.err) == (2, False)


def test_a_container_of_azure_is_not_a_password() -> None:
    path = RemotePath.of("abfs://container@account.dfs.core.windows.net/a.png")
    assert str(path) == "abfs://container@account.dfs.core.windows.net/a.png"


def test_objects_are_told_apart_by_their_urls() -> None:
    one, other = path_from("s3a://b/k.png"), path_from("s3://b/k.png")
    assert same_file(one, other)
    assert not same_file(one, path_from("s3://b/K.png"))
    assert not same_file(one, Path("k.png"))


def test_parents_keep_the_bucket() -> None:
    assert split_kept("s3://b/photos/a.png") == ("s3://", "b/photos/a.png")
    assert joined("s3://", "b/photos/a.png") == "s3://b/photos/a.png"
    assert joined("s3://b/out/", "a/b.png") == "s3://b/out/a/b.png"


@pytest.mark.parametrize("name", ["../a.png", "b/../../a.png", "b//a.png", "./a.png", "/a.png"])
def test_a_name_that_leads_out_of_a_folder_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(objects, "list_folder", lambda *_, **__: {"a.png": 1, name: 1})
    found = {one: error for one, error, _ in walked("s3://bucket/odd/")}
    assert found.pop("a.png") is None
    assert "leads elsewhere as a file" in str(found.pop(name))


def walked(url: str) -> list[tuple[str, str | None, bool]]:
    return list(objects.walk_objects(url, FileFilter(hidden=True), None, remember=False))


def test_objects_are_chosen_as_files_are(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = ["a.png", "old/b.png", "out/c.png", ".d/e.png", "f.txt"]
    monkeypatch.setattr(objects, "list_folder", lambda *_, **__: dict.fromkeys(listed))
    chosen = FileFilter(include=("*.png",), exclude=("old",))
    found = objects.walk_objects("s3://b/in/", chosen, "s3://b/in/out", remember=False)
    assert list(found) == [("a.png", None, False), (".d/e.png", None, True)]
