"""Objects read whole, or by ranges where they are large and need not be read as a whole."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedIOBase, BytesIO, RawIOBase
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, cast

from poolcli.errors import FileError, PictureError
from poolcli.media.places.errors import translated
from poolcli.media.places.filesystem import filesystem, status, status_now
from poolcli.media.places.remote_path import RemotePath

__all__ = ["open_copy", "open_remote"]

_WHOLE = 1 << 25
"""Bytes up to which an object is read by one request."""

_BLOCK, _BLOCKS = 1 << 22, 16
"""Bytes of a range, and how many of them are kept."""

_MOST_BYTES = 1 << 31
"""Bytes of an object that are kept in memory."""

_TIFF = (b"II", b"MM")


class _RangedFile(RawIOBase):
    """A file of fsspec's whose errors name it: decoders read it while something else is blamed."""

    def __init__(self, file: Any, path: RemotePath) -> None:
        self._file, self._path = file, path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        try:
            with translated():
                data = self._file.read(len(view))
        except OSError as error:
            raise FileError(self._path, str(error.strerror)) from error
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


@contextmanager
def open_remote(path: RemotePath) -> Iterator[BinaryIO]:
    """Open an object to read and seek in: large TIFFs by ranges, all else whole, in memory.

    Raises
    ------
    OSError
        If it cannot be read.
    PictureError
        If it is too large, or at the end, if it was replaced meanwhile.
    """
    size = status(path.url).st_size
    if size > _WHOLE:
        with _open_ranged(path) as file:
            begin = b"" if file is None else file.read(len(_TIFF[0]))
            if file is not None and begin in _TIFF:
                file.seek(0)
                yield file
                return
            if size > _MOST_BYTES:
                raise PictureError(f"has more than {_MOST_BYTES} bytes; save it in a local file")
            content = None if file is None else begin + file.read()
        if content is not None:
            yield BytesIO(content)
            return
    yield BytesIO(_whole(path, size))


def _whole(path: RemotePath, size: int) -> bytes:
    if not size:
        return b""
    with translated():
        fs = filesystem(path.url)
        # Without a start, the file system of S3 asks for the size once more.
        start = None if path.is_web or size < 0 else 0
        content: bytes = fs.cat_file(path.url, start=start)
    return content


@contextmanager
def _open_ranged(path: RemotePath) -> Iterator[BinaryIO | None]:
    """Open an object by ranges; None where a web server gives none."""
    before = _tag(path)
    with translated():
        opened = filesystem(path.url).open(
            path.url,
            "rb",
            block_size=_BLOCK,
            cache_type="background",
            cache_options={"maxblocks": _BLOCKS},
        )
        ranged = not path.is_web or _gives_ranges(opened)
    if not ranged:
        opened.close()
        yield None
        return
    with _RangedFile(opened, path) as file:
        yield cast(BinaryIO, file)
        if _tag(path) != before:
            raise PictureError("was replaced while it was read; run the command again")


def _gives_ranges(file: Any) -> bool:
    """Tell it by the answer for the last range: few servers tell it beforehand."""
    if not file.seekable():
        return False
    try:
        file.seek(-1, os.SEEK_END)
        file.read(1)
    except ValueError:
        return False
    file.seek(0)
    return True


def _tag(path: RemotePath) -> tuple[int, int | None, str | None]:
    now = status_now(path.url)
    return now.st_size, now.st_mtime_ns, now.etag


@contextmanager
def open_copy(path: RemotePath) -> Iterator[BinaryIO]:
    """Copy an object into an unnamed temporary file, unbuffered, and open that at its start.

    Raises
    ------
    OSError
        If it cannot be read, or the disk is full.
    """
    with TemporaryFile(buffering=0) as copy:
        with ExitStack() as stack:
            small = status(path.url).st_size <= _WHOLE
            file = None if small else stack.enter_context(_open_ranged(path))
            file = file or stack.enter_context(open_remote(path))
            while part := file.read(_BLOCK):
                _write(copy, part)
        copy.seek(0)
        yield cast(BinaryIO, copy)


def _write(file: BufferedIOBase | IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
