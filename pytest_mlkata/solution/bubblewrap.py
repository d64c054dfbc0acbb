"""Puts the processes that run submissions into bubblewrap: a file system and namespaces of their own.

Bubblewrap is a program of the system, not a Python package (PyPI's package of that name is something else). It needs
user namespaces, which some systems keep from ordinary users; `fault` says what is missing.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from . import visible
from .given import library_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_PROGRAM: Final = "bwrap"
_HERE: Final = Path(__file__).parent
_LOADERS: Final = ("/lib", "/lib32", "/lib64", "/libx32")
_ISOLATED: Final = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"),
    *("--cap-drop", "ALL", "--clearenv"),
)


def missing() -> str:
    """Return what this system lacks to run bubblewrap at all, or nothing."""
    if sys.platform != "linux":
        return f"bubblewrap is there for Linux only, and this is {sys.platform}"
    if shutil.which(_PROGRAM) is None:
        return "the program bwrap is not on the path; install your system's package `bubblewrap`"
    return ""


def command(options: int, arguments: Sequence[str]) -> list[str]:
    """Return the command that runs this Python in bubblewrap.

    Parameters
    ----------
    options
        A descriptor from which bubblewrap reads its options.
    arguments
        Those of Python.
    """
    program = shutil.which(_PROGRAM) or _PROGRAM
    return [program, "--args", str(options), "--", _python(), *arguments]


def options(environment: Mapping[str, str], libraries: Iterable[str], writable: str) -> IO[bytes]:
    """Return a file with the options of bubblewrap: what there is to see inside, and nothing else.

    Parameters
    ----------
    environment
        The variables inside.
    libraries
        Files of the libraries to be seen, see `given`.
    writable
        A folder to be seen with its content, and to be written to; empty for none.
    """
    words = [*_ISOLATED]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    words += _mounts(libraries)
    if writable:
        words += ["--bind", writable, writable]
    words += ["--remount-ro", "/", "--chdir", "/"]
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    file.write(b"".join(os.fsencode(word) + b"\0" for word in words))
    file.seek(0)
    return file


def fault(message: str) -> str:
    """Return how a person gets what bubblewrap says it lacks."""
    said = message.strip().partition("\n")[0]
    if "Unknown option" in said:
        return f"{said}; bubblewrap 0.8 or newer is needed"
    return (
        f"{said or 'it ended without a word'}; bubblewrap needs user namespaces: some systems keep them from ordinary "
        "users (Ubuntu 24.04 by AppArmor), and containers by their profile"
    )


def _python() -> str:
    # That of a virtual environment is a link to it, and would look for its settings.
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def _mounts(libraries: Iterable[str]) -> Iterator[str]:
    """Yield what is seen inside: a folder before what is in it, or it would be covered."""
    folders = {*visible.python_folders(), *visible.library_folders(), str(_HERE), _python()}
    folders |= {os.path.realpath(path) for path in _LOADERS if os.path.isdir(path)}  # noqa: PTH112
    folders |= {path for path in library_paths(libraries) if Path(path).exists()}
    covered = {path for folder in folders for path in visible.hidden_in(folder)}
    for path in sorted(folders | covered):
        yield from ("--tmpfs", path) if path in covered - folders else ("--ro-bind", path, path)
    for path in visible.SYSTEM:
        yield from ("--ro-bind-try", path, path)
    for path in visible.DEVICES:
        yield from ("--dev-bind", path, path)
    for path in filter(os.path.islink, _LOADERS):
        # Where programs look for the loader. A folder that is no link is there already, with what it hides.
        yield from ("--symlink", str(Path(path).readlink()), path)
