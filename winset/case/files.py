"""Files written so that a reader finds the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


def write_atomically(path: Path, text: str) -> None:
    """Write a text file in one step, keeping the permissions of the one it replaces.

    Where `path` is a symbolic link, the file it leads to is replaced and the link stays. A device or pipe
    is written to, never replaced; a folder is refused.
    """
    real = Path(os.path.realpath(path))
    if real.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder, not a file", str(path))
    special = real.exists() and not real.is_file()
    with real.open("w", encoding="utf-8") if special else _replacement(real) as stream:
        stream.write(text)


@contextlib.contextmanager
def _replacement(path: Path) -> Iterator[TextIO]:
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    temporary = path.parent / f".{path.name}.{secrets.token_hex(8)}.part"
    # Never open to more people than the file it replaces; a new file gets what the umask leaves.
    try:
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600
        )
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)  # it is gone already when all went well
