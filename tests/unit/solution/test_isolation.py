"""Which isolation is used, and what is said where another one was asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import pytest

from pytest_mlkata.errors import IsolationError
from pytest_mlkata.options import ISOLATIONS
from pytest_mlkata.solution import bubblewrap, confine, isolation
from pytest_mlkata.solution.isolation import MEANING, choose

PROCESS = "--kata-isolation=process does without, for code of people you trust"
CONFINED = "--kata-isolation=confined does without bubblewrap"


class Boxed:
    """A zygote whose workers run where a test wants them to."""

    fault: IsolationError | None = None

    def __init__(self, *, boxed: bool) -> None:
        assert boxed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass

    def fork(self, how: confine.Confinement) -> Any:
        assert how.confined
        if self.fault:
            raise self.fault
        return SimpleNamespace(pid=os.getpid() + 1)


@pytest.fixture
def having(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine that has everything."""
    monkeypatch.setattr(confine, "missing", lambda: "")
    monkeypatch.setattr(bubblewrap, "missing", lambda: "")
    monkeypatch.setattr(isolation, "Zygote", Boxed)
    monkeypatch.setattr(isolation, "_namespace", lambda pid, kind: f"{kind}:[{pid}]")
    return monkeypatch


def refusal(asked: str) -> str:
    with pytest.raises(IsolationError) as caught:
        choose(asked)
    return str(caught.value)


def test_every_choice_has_a_meaning() -> None:
    assert tuple(MEANING) == ISOLATIONS
    assert all(text.startswith("solutions run ") for text in MEANING.values())
    assert len(set(MEANING.values())) == len(MEANING)


@pytest.mark.usefixtures("having")
@pytest.mark.parametrize("asked", MEANING)
def test_what_can_be_had_is_used(asked: str) -> None:
    assert choose(asked) == (asked, "")


@pytest.mark.usefixtures("having")
def test_confined_is_the_default() -> None:
    assert choose(None) == ("confined", "")


def test_without_landlock_the_default_is_weaker_and_says_so(having: pytest.MonkeyPatch) -> None:
    having.setattr(confine, "missing", lambda: "the kernel has no Landlock")
    assert choose(None) == ("process", "not confined: the kernel has no Landlock")


@pytest.mark.parametrize("asked", ["confined", "sandbox"])
def test_without_landlock_what_was_asked_for_is_refused(having: pytest.MonkeyPatch, asked: str) -> None:
    having.setattr(confine, "missing", lambda: "the kernel has no Landlock")
    assert refusal(asked) == f"--kata-isolation={asked} cannot be had here: the kernel has no Landlock; {PROCESS}"


@pytest.mark.parametrize("asked", ["none", "process"])
def test_what_needs_no_kernel_is_not_held_up_by_it(having: pytest.MonkeyPatch, asked: str) -> None:
    def look() -> str:
        raise AssertionError("nobody has to know")

    having.setattr(confine, "missing", look)
    having.setattr(bubblewrap, "missing", look)
    assert choose(asked) == (asked, "")


def test_without_bubblewrap_the_sandbox_is_refused(having: pytest.MonkeyPatch) -> None:
    having.setattr(bubblewrap, "missing", lambda: "the program bwrap is not on the path")
    assert refusal("sandbox") == (
        f"--kata-isolation=sandbox cannot be had here: the program bwrap is not on the path; {CONFINED}"
    )
    assert choose("confined") == ("confined", "")


def test_a_bubblewrap_that_does_not_start_is_refused(having: pytest.MonkeyPatch) -> None:
    having.setattr(Boxed, "fault", IsolationError("bwrap: setting up uid map: Permission denied"))
    assert refusal("sandbox") == (
        f"--kata-isolation=sandbox cannot be had here: bwrap: setting up uid map: Permission denied; {CONFINED}"
    )


def test_a_sandbox_that_is_none_is_refused(having: pytest.MonkeyPatch) -> None:
    having.setattr(isolation, "_namespace", lambda pid, kind: f"{kind}:[{1 if kind in {'net', 'pid'} else pid}]")
    assert refusal("sandbox") == (
        "--kata-isolation=sandbox cannot be had here: it shares namespaces with this process (net, pid); " + CONFINED
    )


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_namespaces_are_those_of_the_kernel() -> None:
    assert isolation._shared_namespaces(os.getpid()) == list(isolation._NAMESPACES)
    for kind in isolation._NAMESPACES:
        assert isolation._namespace(os.getpid(), kind).startswith(f"{kind}:[")
        assert Path(f"/proc/self/ns/{kind}").is_symlink()


@pytest.mark.skipif(bool(bubblewrap.missing() or confine.missing()), reason=bubblewrap.missing() or confine.missing())
def test_a_program_that_only_seems_to_be_bubblewrap_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bwrap"
    # Runs Python as it is asked to, and nothing else.
    program.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert "it shares namespaces with this process (ipc, mnt, net, pid, user, uts)" in refusal("sandbox")
