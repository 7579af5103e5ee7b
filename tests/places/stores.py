"""Stores to pool from and to: S3 on loopback, and a web server with ranges or without."""

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from poolcli.media.places import filesystem

NO_EXTRA = "the extra [remote] is not installed"
NO_MOTO = "moto is not installed"

KEY, SECRET = "AKIAPOOLCLI", "not-to-be-told"


class Store:
    """A bucket named ``bucket``, on a server of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert process.stdout is not None
        self.port = int(process.stdout.readline())
        self.environment = environment(self.port)

    @property
    def files(self) -> Any:
        """The file system of fsspec."""
        return filesystem.filesystem("s3://bucket")

    def _ask(self, line: str) -> list[str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        told: list[str] = json.loads(self._process.stdout.readline())
        return told

    def fill(self, prefix: str, count: int) -> None:
        """Make many small objects."""
        self._ask(f"fill {prefix} {count}")

    def requests(self) -> list[str]:
        """Those answered since this was asked last."""
        return self._ask("requests")

    def put(self, name: str, content: bytes) -> None:
        self.files.pipe_file(f"bucket/{name}", content)

    def put_folder(self, folder: Path, name: str) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes())

    def content(self, name: str) -> dict[str, bytes]:
        """All objects below a name."""
        root = f"bucket/{name}/"
        paths = self.files.find(root)
        return {path.removeprefix(root): self.files.cat_file(path) for path in paths}


def environment(port: int) -> dict[str, str]:
    """Variables by which fsspec finds the server and its credentials, and nothing else."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": "none",
        "AWS_SHARED_CREDENTIALS_FILE": "none",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }


@contextmanager
def started() -> Iterator[Store]:
    """Start a server; it ends with the block."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.places.s3_server"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield Store(process)
        finally:
            let_go()
            process.kill()


def forgotten(patch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    """Let fsspec set up its file systems anew, in another environment."""
    for name, value in variables.items():
        patch.setenv(name, value)
    let_go()


def let_go() -> None:
    """Close the connections of fsspec, which would else be noticed when garbage is collected."""
    import fsspec

    filesystem._filesystem.cache_clear()
    filesystem.forget()
    for scheme, session in (("s3", "_s3"), ("http", "_session")):
        kind = fsspec.get_filesystem_class(scheme)
        for one in kind._cache.values():
            if getattr(one, session, None) is not None:
                kind.close_session(one.loop, getattr(one, session))
        kind.clear_instance_cache()
    gc.collect()


class _Handler(BaseHTTPRequestHandler):
    """Gives the files of a folder; ranges of them too, if it is to."""

    def __init__(self, folder: Path, ranges: bool, told: list[str], *rest: Any) -> None:
        self._folder, self._ranges, self._told = folder, ranges, told
        super().__init__(*rest)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        part = self.headers.get("Range")
        self._told.append(f"{self.command} {self.path} {part}")
        path = self._folder / self.path.partition("?")[0].lstrip("/")
        if "denied" in self.path or not path.is_file():
            self.send_error(403 if "denied" in self.path else 404)
            return
        content = path.read_bytes()
        size, begin, end = len(content), 0, len(content)
        if part and self._ranges:
            first, _, last = part.removeprefix("bytes=").partition("-")
            begin, end = int(first), min(size, int(last or size) + 1)
        self.send_response(206 if part and self._ranges else 200)
        if self._ranges:
            self.send_header("Accept-Ranges", "bytes")
            if part:
                self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{size}")
        self.send_header("ETag", f'"{size}"')
        self.send_header("Content-Length", str(end - begin))
        self.end_headers()
        if body:
            self.wfile.write(content[begin:end])

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def web_server(folder: Path, *, ranges: bool) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder; gives the URL, and the requests as they come."""
    told: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, folder, ranges, told))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", told
    finally:
        let_go()
        server.shutdown()
        server.server_close()
        thread.join()
