"""Errors of fsspec and of what it imports, as errors of the system, each with one sentence.

Few of them have an ``errno``, and most are of packages that need not be installed: so they are
told apart by the names of their classes, and by the status that a server answered.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from poolcli.errors import PictureError, PoolingError
from poolcli.media.places.redaction import redacted

__all__ = ["StoreError", "known_error", "system_error", "translated"]

_LONGEST_TEXT = 200

_DENIED = "access denied; check the credentials, and who may read and write there"
_UNREACHABLE = "cannot be reached; check the network, and the name of the host or endpoint"
_LATE = "did not answer in time; check the network, and run the command again"
_NO_BUCKET = "no such bucket; check the name"
_NO_CREDENTIALS = (
    "no credentials were found, or not all; give them as fsspec takes them, from the environment "
    "or its configuration"
)

_BY_NAME = (
    ({"NoSuchBucket", "InvalidBucketName", "ParamValidationError"}, errno.ENOENT, _NO_BUCKET),
    (
        {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}
        | {"DefaultCredentialsError", "TokenRetrievalError", "SSOTokenLoadError"}
        | {"UnauthorizedSSOTokenError", "ProfileNotFound", "NoAuthTokenError"},
        errno.EACCES,
        _NO_CREDENTIALS,
    ),
    ({"TimeoutError", "HTTPTimeoutError", "ReadTimeoutError"}, errno.ETIMEDOUT, _LATE),
    (
        {"ConnectionError", "ClientConnectionError", "EndpointConnectionError", "gaierror"}
        | {"HTTPClientError", "InvalidURL", "ServiceRequestError", "TransportError"},
        errno.EHOSTUNREACH,
        _UNREACHABLE,
    ),
    ({"PermissionError"}, errno.EACCES, _DENIED),
)
"""Names of classes, of an error or of what caused it, and what is said of them; in this order."""


class StoreError(OSError):
    """A failure of a store or a network, with a number and a sentence.

    A class of its own: `OSError` would become ``PermissionError``, for example, by its number, and
    be told in the words for local files.
    """


@contextmanager
def translated() -> Iterator[None]:
    """Translate any error of fsspec's into an `OSError` with a number and a sentence.

    Raises
    ------
    OSError
        In place of any other error.
    PictureError
        If a package is missing.
    """
    try:
        yield
    except (PoolingError, MemoryError):
        raise
    except ImportError as error:
        raise PictureError(_of_import(error)) from error
    except Exception as error:  # of any store
        raise system_error(error) from error


def system_error(error: Exception) -> OSError:
    """Make an error of the system of one of fsspec's.

    >>> system_error(FileNotFoundError("https://host/a.png?Signature=1234")).strerror
    'No such file or folder'
    >>> system_error(ValueError("https://host/a.png?Signature=1234")).strerror
    'the store failed (ValueError: https://host/a.png?***)'
    """
    if (known := known_error(error)) is not None:
        return known
    if type(error) is OSError and error.errno is not None and error.filename is not None:
        return error  # of this system: of a temporary file, for example
    told = redacted(" ".join(str(error).split()))[:_LONGEST_TEXT]
    return StoreError(errno.EIO, f"the store failed ({type(error).__name__}: {told})")


def known_error(error: Exception) -> OSError | None:
    """Make an error of the system of one that stores and networks have; None of any other."""
    chain = list(_chain(error))
    names = {kind.__name__ for each in chain for kind in type(each).__mro__}
    names |= {code for each in chain for code in (_code(each),) if code}
    statuses = {_status(each) for each in chain}
    for known, number, text in _BY_NAME:
        if names & known:
            return StoreError(number, text)
    if statuses & {401, 403}:
        return StoreError(errno.EACCES, _DENIED)
    if isinstance(error, FileNotFoundError) or 404 in statuses:
        return FileNotFoundError(errno.ENOENT, "No such file or folder")
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _code(error: BaseException) -> str:
    """Give the word by which S3 tells what is wrong."""
    response: Any = getattr(error, "response", None)
    told = response.get("Error") if isinstance(response, dict) else None
    return str(told.get("Code", "")) if isinstance(told, dict) else ""


def _status(error: BaseException) -> int | None:
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict):
        response = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return response if isinstance(response, int) else None
    for name in ("status", "status_code", "code"):
        number = getattr(error, name, None)
        if isinstance(number, int):
            return number
    return None


def _of_import(error: ImportError) -> str:
    told = redacted(" ".join(str(error).split()))[:_LONGEST_TEXT]
    return f"needs a package that is not installed ({told}); install it with pip"
