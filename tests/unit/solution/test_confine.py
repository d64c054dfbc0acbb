"""What a worker gives up, and that it is noticed where it cannot."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import resource
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from children import in_child, tried

from pytest_mlkata.solution import confine, landlock, seccomp
from pytest_mlkata.solution.confine import Confinement

MISSING = confine.missing()
REAL = pytest.mark.skipif(bool(MISSING), reason=f"cannot confine here: {MISSING}")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, whose rights are given up")
LIMITS = ("RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE")
GIGABYTE = 2**30
MAP_NORESERVE = 0x4000


def confined(how: Confinement, do: Callable[[], object], readable: tuple[str, ...] = ()) -> Any:
    """What comes of `do` in a child that is confined."""

    def run() -> object:
        confine.confine(how, confine.rules_for(how, readable) if how.confined else -1)
        return do()

    return in_child(run)


def limits() -> dict[str, int]:
    return {name: resource.getrlimit(getattr(resource, name))[1] for name in LIMITS}


@REAL
@pytest.mark.parametrize("scratch_size", [0, 12345])
def test_limits_of_a_confined_worker(tmp_path: Path, scratch_size: int) -> None:
    how = Confinement(
        confined=True, memory=64 * GIGABYTE, scratch=str(tmp_path) if scratch_size else "", scratch_size=scratch_size
    )
    assert confined(how, limits) == {
        "RLIMIT_AS": 64 * GIGABYTE,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_FSIZE": scratch_size,
        "RLIMIT_CORE": 0,
    }


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the address space")
def test_limits_of_a_worker_that_is_not_confined() -> None:
    before = limits()
    found = confined(Confinement(memory=64 * GIGABYTE), limits)
    assert found == before | {"RLIMIT_AS": 64 * GIGABYTE, "RLIMIT_CORE": 0}


@REAL
def test_a_stricter_limit_stays() -> None:
    def run() -> dict[str, int]:
        # Whatever the tests before have left open; the answer goes through a pipe.
        for number in range(3, 1024):
            with contextlib.suppress(OSError):
                if not stat.S_ISFIFO(os.fstat(number).st_mode):
                    os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
        how = Confinement(confined=True, memory=64 * GIGABYTE)
        confine.confine(how, confine.rules_for(how, ()))
        return limits()

    found = in_child(run)
    assert found["RLIMIT_NOFILE"] == 32, found


@REAL
def test_a_file_can_be_as_large_as_the_scratch_and_no_larger(tmp_path: Path) -> None:
    how = Confinement(confined=True, memory=64 * GIGABYTE, scratch=str(tmp_path), scratch_size=1000)

    def write() -> list[str]:
        return [tried(lambda size=size: (tmp_path / str(size)).write_bytes(b"x" * size)) for size in (1000, 1001)]  # type: ignore[misc]

    assert confined(how, write) == ["done", "OSError"]
    assert {path.name: path.stat().st_size for path in tmp_path.iterdir()} == {"1000": 1000, "1001": 1000}


@REAL
def test_what_was_open_stays_open_and_writable() -> None:
    reader, writer = os.pipe()
    how = Confinement(confined=True, memory=64 * GIGABYTE)
    assert confined(how, lambda: os.write(writer, b"x" * 100)) == 100
    assert os.read(reader, 200) == b"x" * 100
    os.close(reader)
    os.close(writer)


@REAL
def test_new_rights_cannot_be_had() -> None:
    status = Path("/proc/self/status")
    how = Confinement(confined=True, memory=64 * GIGABYTE)
    lines = confined(how, status.read_text, ("/proc",)).splitlines()
    fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")
    # To read what the rules allow, whoever owns it, is the one right that root keeps.
    assert int(fields["CapEff"], 16) == int(fields["CapPrm"], 16)
    assert int(fields["CapEff"], 16) in ({0, 4} if os.geteuid() == 0 else {0})
    assert int(fields["CapInh"], 16) == 0


@REAL
@AS_ROOT
def test_root_reads_what_others_own_and_changes_nothing_of_it(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    for path in (theirs, ours):
        path.write_text("text")
        path.chmod(0o600)
    os.chown(theirs, 54321, 54321)

    def change() -> list[str]:
        confine._drop_privileges()
        return [
            tried(theirs.read_bytes),
            tried(lambda: theirs.write_text("new")),
            tried(lambda: os.chown(ours, 54321, 54321)),
            tried(lambda: theirs.chmod(0o666)),
            tried(lambda: os.setuid(54321)),
            tried(lambda: ours.write_text("new")),
        ]

    assert in_child(change) == ["done", *["PermissionError"] * 4, "done"]


def test_privileges_that_stay_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kernel:
        """Takes no capability away."""

        prctl = staticmethod(lambda *_: 0)
        syscall = staticmethod(lambda *_: -1)

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Kernel)
    with pytest.raises(OSError, match="capabilities: the kernel keeps them"):
        confine._drop_privileges()
    monkeypatch.setattr(Kernel, "prctl", staticmethod(lambda *_: -1))
    with pytest.raises(OSError, match="no_new_privs: the kernel refuses"):
        confine._drop_privileges()


@REAL
@pytest.mark.parametrize(
    ("module", "name", "said"),
    [
        (landlock, "restrict", "a confined process can still list the root folder"),
        (seccomp, "install", "a confined process can still open a socket"),
    ],
)
def test_a_layer_that_does_not_hold_is_noticed(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, said: str
) -> None:
    monkeypatch.setattr(module, name, lambda *_, **__: None)
    how = Confinement(confined=True, memory=64 * GIGABYTE)
    assert confined(how, lambda: "went on") == f"NotConfinedError: {said}"
    assert confine.missing() == said


@REAL
def test_signals_to_others_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = seccomp.program
    monkeypatch.setattr(seccomp, "program", lambda machine, _, *rest: real(machine, os.getppid(), *rest))
    # Landlock before its sixth version does not look at signals; nor must a newer one hide that nothing else does.
    monkeypatch.setattr(landlock, "version", lambda: 1)
    how = Confinement(confined=True, memory=64 * GIGABYTE)
    said = "NotConfinedError: a confined process can still signal another process"
    assert confined(how, lambda: "went on") == said


@REAL
@pytest.mark.parametrize("module", [landlock, seccomp])
def test_a_kernel_that_refuses_is_told_from_one_that_agrees(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(1, "the kernel says no")

    monkeypatch.setattr(module, "restrict" if module is landlock else "install", refuse)
    how = Confinement(confined=True, memory=64 * GIGABYTE)
    assert confined(how, lambda: "went on") == "NotConfinedError: the kernel says no"
    assert confine.missing() == "the kernel says no"


@REAL
def test_rules_that_cannot_be_made_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(1, "Landlock: the kernel refuses")

    monkeypatch.setattr(landlock, "prepare", refuse)
    assert confine.missing().endswith("Landlock: the kernel refuses")


@REAL
def test_a_process_that_dies_of_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "install", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
    assert confine.missing() == "a confined process died"


def test_what_is_missing_first_is_said_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(landlock, "missing", lambda: "no Landlock")
    monkeypatch.setattr(seccomp, "missing", lambda: "no seccomp")
    assert confine.missing() == "no Landlock"
    monkeypatch.setattr(landlock, "missing", lambda: "")
    assert confine.missing() == "no seccomp"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert confine.missing() == "only Linux can confine a process so, and this is darwin"


@REAL
def test_a_try_leaves_nothing_behind_and_this_process_free() -> None:
    def open_descriptors() -> int:
        return sum(1 for _ in Path("/dev/fd").iterdir())

    before = open_descriptors()
    assert confine.missing() == ""
    assert open_descriptors() == before
    assert os.listdir("/")  # noqa: PTH208


@REAL
def test_what_a_process_has_loaded_is_no_reason_not_to_confine(monkeypatch: pytest.MonkeyPatch) -> None:
    """That of pytest may be more than that of any worker."""
    real = seccomp.install

    def install(*arguments: Any, **keywords: Any) -> None:
        assert bytearray(GIGABYTE // 16)
        real(*arguments, **keywords)

    monkeypatch.setattr(seccomp, "install", install)

    def ask() -> str:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | MAP_NORESERVE
        held = mmap.mmap(-1, 6 * GIGABYTE, flags=flags)
        return confine.missing() + f"{len(held) // GIGABYTE}"

    assert in_child(ask) == "6"
