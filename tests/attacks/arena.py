"""What the attacks aim at: katas with a secret in them, and everything planted around them.

Each planted thing belongs to one attack and is only made when the attack's source names it (``$secret``).
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from string import Template
from textwrap import dedent
from types import TracebackType
from typing import Self

from attack import Attack, Goal
from people import Person
from victim import ALL, REFERENCE, files

# It takes every signal and does nothing about it: they stay pending, where they can be seen.
_VICTIM = """
import signal, sys, time
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
print(flush=True)
time.sleep(600)
"""
HONEST = "honest"
_HELD = ("SigPnd", "ShdPnd", "TracerPid", "Cpus_allowed")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


class Arena:
    """A project with a kata for each attack, and an honest one.

    Parameters
    ----------
    attacks
        What is handed in.
    person
        Who runs it, and whose everything is.
    """

    def __init__(self, attacks: tuple[Attack, ...], person: Person) -> None:
        self.attacks = attacks
        self.person = person
        self.folder = Path(tempfile.mkdtemp(prefix="mlkata-arena-"))
        self.folder.chmod(0o711)
        self.project = self.folder / "project"
        self.handed_in = self.folder / "handed_in"
        self.json = self.folder / "cards.json"
        self.key = f"KEY-{secrets.token_hex(8)}"
        self.secret = write(self.folder / "secret.txt", f"{self.key}\n")
        self._sensors: dict[str, list[tuple[Goal, Callable[[], bool]]]] = {}
        self._endings: list[Callable[[], object]] = []

    def __enter__(self) -> Self:
        write(self.project / "pytest.ini", "[pytest]\n")
        self._kata(HONEST, ALL)
        right = REFERENCE.replace("{key}", "")
        write(self.handed_in / f"{HONEST}.py", right)
        for attack in self.attacks:
            self._lay(attack)
        self.person.give(self.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for end in reversed(self._endings):
            end()
        shutil.rmtree(self.folder)

    def touched(self, attack: Attack) -> set[Goal]:
        """What an attack has reached, as far as it can be seen from outside."""
        return {goal for goal, sensor in self._sensors[attack.name] if sensor()}

    def _kata(self, name: str, aims: tuple[str, ...]) -> Path:
        folder = self.project / "katas" / name
        for path, text in files(name, aims, self.key).items():
            write(folder / path, text)
        return folder

    def _lay(self, attack: Attack) -> None:
        folder = self._kata(attack.name, attack.aims)
        before = _state(folder), _state(self.secret)
        self._sensors[attack.name] = [(Goal.WRITES, lambda: (_state(folder), _state(self.secret)) != before)]
        plants = _Plants(self, attack)
        path = self.handed_in / f"{attack.name}.py"
        if attack.link:
            path.symlink_to(_filled(attack.link, plants))
        else:
            write(path, _filled(attack.source, plants))
        for place, content in attack.beside:
            write(self.handed_in / place, _filled(dedent(content), plants))

    def watch(self, attack: Attack, goal: Goal, sensor: Callable[[], bool]) -> None:
        self._sensors[attack.name].append((goal, sensor))

    def at_end(self, end: Callable[[], object]) -> None:
        self._endings.append(end)


class _Plants(dict[str, str]):
    """Gives the value of a name in an attack's source, and plants what it is about."""

    def __init__(self, arena: Arena, attack: Attack) -> None:
        self._arena = arena
        self._attack = attack
        self._at = arena.folder / "plants" / attack.name

    def __missing__(self, name: str) -> str:
        value: str = str(getattr(self, f"_{name}")())
        self[name] = value
        return value

    def _name(self) -> str:
        return self._attack.name

    def _json(self) -> Path:
        return self._arena.json

    def _secret(self) -> Path:
        return self._arena.secret

    def _hidden(self) -> Path:
        return self._arena.project / "katas" / self._attack.name / "hidden"

    def _handed_in(self) -> Path:
        return self._arena.handed_in

    def _archive(self) -> Path:
        self._at.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(self._at / "katas.zip", "w") as file:
            file.writestr("answers.py", f"SECRET = {self._arena.key!r}")
        return self._at / "katas.zip"

    def _pointer(self) -> Path:
        """A link that leads nowhere, and says a secret."""
        self._at.mkdir(parents=True, exist_ok=True)
        (self._at / "pointer").symlink_to(f"/nowhere/{self._arena.key}")
        return self._at / "pointer"

    def _noted(self) -> Path:
        """A file with a secret attached to it, where the file system can do so."""
        noted = write(self._at / "noted", "")
        with suppress(OSError):
            os.setxattr(noted, "user.note", self._arena.key.encode())
        return noted

    def _target(self) -> Path:
        """A file that is not there, in a folder of the user's."""
        self._at.mkdir(parents=True, exist_ok=True)
        target = self._at / "written"
        self._watch(Goal.WRITES, lambda: os.path.lexists(target))
        return target

    def _shm(self) -> str:
        path = Path("/dev/shm") / f"mlkata-{self._attack.name}-{self._arena.folder.name}"
        self._watch(Goal.WRITES, path.exists)
        self._arena.at_end(lambda: path.unlink(missing_ok=True))
        return path.name

    def _tcp(self) -> int:
        listener = self._listener(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

    def _udp(self) -> int:
        listener = self._listener(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

    def _unix(self) -> str:
        # The path of a socket must be short.
        path = self._arena.folder / f"{len(list(self._arena.folder.iterdir()))}.sock"
        self._listener(socket.AF_UNIX, socket.SOCK_STREAM, str(path))
        path.chmod(0o777)
        return str(path)

    def _abstract(self) -> str:
        name = f"mlkata-{self._attack.name}-{self._arena.folder.name}"
        self._listener(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{name}")
        return name

    def _listener(self, family: int, kind: int, address: object) -> socket.socket:
        listener = socket.socket(family, kind)
        self._arena.at_end(listener.close)
        listener.bind(address)  # type: ignore[arg-type]
        listener.settimeout(0)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        self._watch(Goal.CONNECTS, lambda: _was_reached(listener, kind))
        return listener

    def _victim(self) -> int:
        """The number of a process of the same user, which must not notice anything."""
        process = subprocess.Popen(
            [self._arena.person.python, "-S", "-E", "-c", _VICTIM],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            cwd="/",
            **self._arena.person.identity,
        )

        def end() -> None:
            process.kill()
            process.wait()

        self._arena.at_end(end)
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        before = _condition(process.pid)
        self._watch(Goal.SIGNALS, lambda: process.poll() is not None or _condition(process.pid) != before)
        return process.pid

    def _watch(self, goal: Goal, sensor: Callable[[], bool]) -> None:
        self._arena.watch(self._attack, goal, sensor)


class _DollarOnly(Template):
    # An attack may well hold a dollar sign for another purpose.
    idpattern = r"(?a:[a-z_]+)"


def _filled(text: str, plants: _Plants) -> str:
    return _DollarOnly(text).substitute(plants)


def _was_reached(listener: socket.socket, kind: int) -> bool:
    try:
        if kind == socket.SOCK_STREAM:
            listener.accept()[0].close()
        else:
            listener.recv(1)
    except BlockingIOError:
        return False
    return True


def _condition(pid: int) -> object:
    """What other processes can change about a process."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    lines = [line for line in status.splitlines() if line.partition(":")[0] in _HELD]
    limits = re.sub(r"\s+", " ", Path(f"/proc/{pid}/limits").read_text("ascii"))
    return lines, limits, os.getpriority(os.PRIO_PROCESS, pid)


def _state(path: Path) -> object:
    """Everything about a file or folder that an attack may change."""
    paths = sorted(path.rglob("*")) if path.is_dir() else [path]
    found = []
    for each in [path, *(each for each in paths if "__pycache__" not in each.parts)]:
        stat = each.lstat()
        content = each.read_bytes() if each.is_file() else b""
        extra = os.listxattr(each) if sys.platform == "linux" else []
        # Folders change when Python caches what it has compiled.
        times = None if each.is_dir() else stat.st_mtime_ns
        found.append((str(each), content, stat.st_mode, times, extra))
    return found
