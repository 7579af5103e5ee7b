"""Failures of stores, each in one sentence, without what nobody should read."""

import sys
from pathlib import Path

import pytest

from poolcli.errors import PictureError
from poolcli.jobs.result import reason, trace_of
from poolcli.media.places import errors, filesystem
from tests.commands import Run

SIGNED = "https://host/a.png?Signature=12345"


def of_class(name: str, text: str, base: type[Exception] = Exception) -> Exception:
    """An error of a package that need not be installed."""
    made: Exception = type(name, (base,), {})(text)
    return made


def of_server(code: str, status: int) -> Exception:
    error = of_class("ClientError", "An error occurred")
    error.response = {  # type: ignore[attr-defined]
        "Error": {"Code": code, "Message": "AKIASECRET"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return error


CASES = [
    (of_class("NoCredentialsError", "Unable to locate credentials"), "no credentials were found"),
    (of_class("EndpointConnectionError", SIGNED), "cannot be reached; check the network"),
    (of_class("ClientConnectorError", SIGNED, ConnectionRefusedError), "cannot be reached"),
    (of_class("FSTimeoutError", "", TimeoutError), "did not answer in time"),
    (of_class("ReadTimeoutError", SIGNED), "did not answer in time"),
    (PermissionError("Forbidden"), "access denied; check the credentials"),
    (of_server("AccessDenied", 403), "access denied; check the credentials"),
    (of_server("NoSuchBucket", 404), "no such bucket; check the name"),
    (FileNotFoundError(SIGNED), "no such file or folder; check the name"),
    (of_class("Strange", f"{SIGNED}\nsecond line"), "the store failed (Strange: https://host/"),
]


@pytest.mark.parametrize(("error", "said"), CASES)
def test_an_error_of_any_store_is_one_sentence(error: Exception, said: str) -> None:
    with pytest.raises(OSError) as caught, errors.translated():  # noqa: PT011
        raise error
    text = reason(caught.value)
    assert text.startswith(said)
    assert "\n" not in text
    assert "12345" not in text
    assert "AKIASECRET" not in text
    assert caught.value.errno
    assert "12345" not in trace_of(caught.value)


def test_the_cause_of_an_error_counts() -> None:
    """The file system of the web says of a server that refuses it that there is no file."""
    error = FileNotFoundError(SIGNED)
    error.__cause__ = of_class("ClientConnectorError", "", ConnectionRefusedError)
    assert "cannot be reached" in reason(errors.system_error(error))


def test_a_missing_package_is_named() -> None:
    said = r"Please install gcsfs to .*; install it with pip"
    with pytest.raises(PictureError, match=said), errors.translated():
        raise ImportError("Please install gcsfs to access Google Storage")


@pytest.mark.parametrize("words", [["s3://b/a.png", "o.png"], ["a.png", "s3://b/o.png"]])
def test_without_the_extra_a_command_says_what_to_install(
    run: Run, source: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    filesystem._filesystem.cache_clear()
    source.rename("a.png")
    remote = next(word for word in words if "://" in word)
    done = run("max", *words, "-k", 2)
    assert done.code == 1
    assert done.failure == (
        f"{remote}: is a remote path, which needs an extra; pip install '.[remote]'"
    )


def test_a_web_server_is_not_a_destination(run: Run, source: Path) -> None:
    pytest.importorskip("aiohttp")
    done = run("max", source, "https://host/o.png?s=12345", "-k", 2)
    assert done.code == 2
    assert done.failure == (
        "https://host/o.png?*** can only be read; name a local destination, or one in a store, as "
        "s3://bucket/name"
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("foo://b/a.png", "foo:// is not a store that fsspec knows; use s3://"),
        ("file:///b/a.png", "file:// is this machine; give the path alone"),
    ],
)
def test_unknown_schemes_are_wrong_usage(run: Run, url: str, said: str) -> None:
    pytest.importorskip("fsspec")
    done = run("max", url, "out.png", "-k", 2)
    assert (done.code, done.failure[: len(said)]) == (2, said)


@pytest.mark.parametrize("option", ["--report", "--resume", "--files-from"])
def test_reports_and_lists_are_local(run: Run, source: Path, option: str) -> None:
    done = run("max", source, "out/", "-k", 2, option, "s3://b/r.jsonl")
    assert (done.code, "is not on this machine; name a local file" in done.failure) == (2, True)
