"""Owner, permissions and extended attributes of a file that is replaced."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

__all__ = ["keep_attributes"]

_HASHES = ("security.capability", "security.evm", "security.ima")
"""Attributes that the system makes for one content, and that are false of any other."""

_ACCESS_LIST = "system.posix_acl_access"


def keep_attributes(descriptor: int, target: Path, status: os.stat_result) -> list[str]:
    """Give an open file what the file has that it is to replace; return notes on what is lost.

    Nobody gets access who had none: where the group cannot be kept, the new one may do what all
    others may, and no more.

    Parameters
    ----------
    descriptor : int
        Of the open file.
    target : Path
        The file to be replaced.
    status : os.stat_result
        Its status.
    """
    lost, mode = [], stat.S_IMODE(status.st_mode)
    user_kept, group_kept = _owner_kept(descriptor, status)
    if not user_kept:
        lost.append(f"its owner (user {status.st_uid})")
        mode &= ~(stat.S_ISUID | stat.S_ISGID)  # nobody acts in the new owner's name
    if not group_kept:
        lost.append(f"its group ({status.st_gid})")
        everyone = mode & stat.S_IRWXO
        mode = (mode & stat.S_IRWXU) | (mode & everyone << 3) | everyone
    if hasattr(os, "fchmod"):  # on Windows since Python 3.13
        os.fchmod(descriptor, mode)
    attributes = _attributes(target)
    if not group_kept and attributes.pop(_ACCESS_LIST, None) is not None:
        lost.append("its access list")
    lost += _not_set(descriptor, attributes)
    return [f"{target.name} was replaced without {', '.join(lost)}"] if lost else []


def _owner_kept(descriptor: int, status: os.stat_result) -> tuple[bool, bool]:
    """Give a file its user and group, or at least the group; tell which of them it has."""
    if not hasattr(os, "fchown"):  # Windows
        return True, True
    for user in (status.st_uid, -1):
        now = os.fstat(descriptor)
        if (now.st_uid, now.st_gid) == (status.st_uid, status.st_gid):
            break
        with suppress(OSError):
            os.fchown(descriptor, user, status.st_gid)
    now = os.fstat(descriptor)
    return now.st_uid == status.st_uid, now.st_gid == status.st_gid


def _attributes(target: Path) -> dict[str, bytes]:
    """Read the extended attributes of a file, where the system and its disk have them."""
    if not hasattr(os, "listxattr"):  # only Linux
        return {}
    found = {}
    try:
        for name in os.listxattr(target):
            if name not in _HASHES:
                found[name] = os.getxattr(target, name)
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENODATA, errno.EPERM, errno.EACCES):
            raise
    return found


def _not_set(descriptor: int, attributes: dict[str, bytes]) -> list[str]:
    """Set extended attributes; return the names of those that could not be set."""
    failed = []
    for name, value in attributes.items():
        try:
            if name not in os.listxattr(descriptor) or os.getxattr(descriptor, name) != value:
                os.setxattr(descriptor, name, value)
        except OSError:
            failed.append(f"its attribute {name}")
    return failed
