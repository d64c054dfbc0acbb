"""What there is on this machine that a submission has to read: Python, its libraries, and those of the system.

A folder of packages is never among it: hidden checks and references may be installed there.

This module is loaded by the worker too: the standard library only.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
SYSTEM: Final = ("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")
_PACKAGES: Final = ("site-packages", "dist-packages")


def python_folders() -> tuple[str, ...]:
    """Return where the standard library is."""
    return tuple(dict.fromkeys(_real(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")))


def library_folders() -> tuple[str, ...]:
    """Return where the shared libraries are that this process has loaded; others that they need are beside them."""
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
        paths = {line.split(maxsplit=5)[-1].strip() for line in file if ".so" in line}
    libraries = {_real(path) for path in paths if path.startswith("/")} - _modules_in_c()
    folders = {os.path.dirname(path) for path in libraries}  # noqa: PTH120
    return tuple(sorted(each for each in folders if not _is_of_packages(each) and not _is_of_python(each)))


def hidden_in(folder: str) -> tuple[str, ...]:
    """Return what in a folder must stay hidden: folders of packages, and those of other Pythons that have such."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return ()
    hidden = [name for name in names if name in _PACKAGES or name.startswith(("python", "pypy"))]
    return tuple(os.path.join(folder, name) for name in hidden if os.path.isdir(os.path.join(folder, name)))  # noqa: PTH118, PTH112


def readable(shared: Iterable[str]) -> tuple[str, ...]:
    """Return the files and folders that can be given as they are, with everything below them.

    Parameters
    ----------
    shared
        The `library_folders` of a process like this one.
    """
    paths = [*SYSTEM, *DEVICES]
    for folder in python_folders():
        paths += _without_hidden(folder)
    for folder in shared:
        paths += [path for path in _without_hidden(folder) if path == folder or ".so" in os.path.basename(path)]  # noqa: PTH119
    return tuple(paths)


def _without_hidden(folder: str) -> list[str]:
    """Return a folder, or what is in it where something in it must stay hidden."""
    hidden = hidden_in(folder)
    if not hidden:
        return [folder]
    return [path for name in sorted(os.listdir(folder)) if (path := os.path.join(folder, name)) not in hidden]  # noqa: PTH118, PTH208


def _modules_in_c() -> set[str]:
    """Return the shared libraries that are modules: one that is worked on may lie beside what must stay hidden."""
    files = [vars(module).get("__file__") for module in [*sys.modules.values()] if isinstance(module, ModuleType)]
    return {_real(file) for file in files if isinstance(file, str) and file.endswith(".so")}


def _is_of_packages(folder: str) -> bool:
    return any(part in _PACKAGES for part in folder.split("/"))


def _is_of_python(folder: str) -> bool:
    return any(folder == each or folder.startswith(f"{each}/") for each in python_folders())


def _real(path: str) -> str:
    return os.path.realpath(path)
