"""Who runs the attacks: this user, or an ordinary one whom root makes up for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

UID = 54321


@dataclass(frozen=True)
class Person:
    """A user, and a Python that this user can start and that has everything installed."""

    name: str
    uid: int | None
    python: str
    environment: tuple[tuple[str, str], ...] = ()
    cache: Path | None = None
    """Where this user's Python keeps what it has compiled: it may not write beside the files that it reads."""

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments of `subprocess.Popen`."""
        return {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}

    def variables(self) -> dict[str, str]:
        """Return the environment that Python needs."""
        cached = {"PYTHONPYCACHEPREFIX": str(self.cache)} if self.cache else {}
        return {**dict(self.environment), **cached}

    def give(self, path: Path) -> None:
        """Let what is at `path` belong to this user."""
        if self.uid is not None:
            for each in (path, *path.rglob("*")):
                os.chown(each, self.uid, self.uid, follow_symlinks=False)


def me() -> Person:
    return Person("root" if os.geteuid() == 0 else "ordinary", None, sys.executable)


@cache
def ordinary() -> Person | None:
    """Return an ordinary user: this one, or one that root becomes where there is a Python to be started by others."""
    if os.geteuid():
        return me()
    return next((each for each in _candidates() if _works(each)), None)


def _candidates() -> list[Person]:
    minor = f"python3.{sys.version_info.minor}"
    here = Path(__file__).resolve().parents[2]
    known = {Path(sysconfig.get_paths()[name]) for name in ("purelib", "platlib")}
    libraries = os.pathsep.join(map(str, (*sorted(known), here)))
    found = [shutil.which(minor, path=folder) for folder in os.environ["PATH"].split(os.pathsep)]
    others = [Person("ordinary", UID, each, (("PYTHONPATH", libraries),)) for each in found if each]
    return [Person("ordinary", UID, sys.executable), *others]


def _works(person: Person) -> bool:
    try:
        done = subprocess.run(
            [person.python, "-c", "import pytest, hypothesis, scipy, numpy.linalg, pytest_mlkata.plugin"],
            cwd="/",
            env=dict(person.environment),
            capture_output=True,
            check=False,
            timeout=60,
            **person.identity,
        )
    except OSError:
        return False
    return done.returncode == 0
