"""Where solutions run, as a person sees it: the header, what is refused, and what a kata can give."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scaling import Run, Solve, write, write_kata

import pytest_mlkata
from pytest_mlkata.errors import IsolationError
from pytest_mlkata.solution.isolation import MEANING, choose


def why_not(isolation: str) -> str:
    try:
        choose(isolation)
    except IsolationError as error:
        return str(error)
    return ""


MISSING = {isolation: why_not(isolation) for isolation in MEANING}
CONFINES = pytest.mark.skipif(bool(MISSING["confined"]), reason=MISSING["confined"])
BOXES = pytest.mark.skipif(bool(MISSING["sandbox"]), reason=MISSING["sandbox"])
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines")
MODES = [
    "none",
    "process",
    pytest.param("confined", marks=CONFINES),
    pytest.param("sandbox", marks=BOXES),
]
ALONE = MODES[2:]
TRUST = "--kata-isolation=process does without, for code of people you trust"


@dataclass(frozen=True)
class Ended:
    """How a run ended, what it printed, and the scorecard if there is one."""

    code: int
    printed: str
    card: dict[str, Any]

    @property
    def header(self) -> list[str]:
        return [line for line in self.printed.splitlines() if line.startswith("mlkata: ")]

    @property
    def error(self) -> str:
        (line,) = [line for line in self.printed.splitlines() if line.startswith("ERROR: ")]
        return line.removeprefix("ERROR: ")

    @property
    def found(self) -> dict[str, tuple[str, str]]:
        """Name of the test to the status and the message of the check."""
        return {
            check["id"].partition("::")[2].removeprefix("test_"): (check["status"], check["message"])
            for check in self.card["checks"]
        }


Grade = Callable[..., Ended]


@pytest.fixture
def grade(project: Path) -> Grade:
    """Grades in a process that a test can prepare."""

    def run(*arguments: str, kata: str = "scaling", **how: Any) -> Ended:
        out = project / "out.json"
        out.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "--kata", kata, "--kata-json", str(out)]
        done = subprocess.run(
            [*command, "-p", "no:randomly", "-p", "no:cov", *arguments],
            cwd=project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=100,
            check=False,
            **how,
        )
        (card,) = json.loads(out.read_text("utf-8"))["scorecards"] if out.exists() else ({},)
        return Ended(done.returncode, done.stdout, card)

    return run


def without_landlock() -> None:
    """Make the kernel of this process one that has no Landlock: the call to ask for it does not exist."""
    lines = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x50000 | 38), (0x06, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *line) for line in lines))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(lines), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.c_void_p(ctypes.addressof(head)), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


@CONFINES
def test_confined_is_the_default(grade: Grade, solve: Solve, right: str) -> None:
    solve(right)
    ended = grade()
    assert ended.header == [f"mlkata: scaling; {MEANING['confined']}"]
    assert (ended.code, ended.card["earned"]) == (0, 8)


@CONFINES
def test_a_kernel_without_landlock_runs_solutions_in_a_process_and_says_so(
    grade: Grade, solve: Solve, right: str
) -> None:
    solve(right)
    ended = grade(preexec_fn=without_landlock)
    why = "not confined: the kernel has no Landlock (Linux 5.13 or newer has), or a container hides it"
    assert ended.header == [f"mlkata: scaling; {MEANING['process']} ({why})"]
    assert (ended.code, ended.card["earned"]) == (0, 8)
    solve("def double(x): return x\n")
    assert grade(preexec_fn=without_landlock).code == pytest.ExitCode.TESTS_FAILED


@CONFINES
@pytest.mark.parametrize("mode", ["confined", "sandbox"])
def test_a_kernel_without_landlock_is_refused_where_it_was_asked_for(
    grade: Grade, solve: Solve, right: str, mode: str
) -> None:
    solve(right)
    ended = grade(f"--kata-isolation={mode}", preexec_fn=without_landlock)
    assert ended.error == (
        f"--kata-isolation={mode} cannot be had here: the kernel has no Landlock (Linux 5.13 or newer has), or a "
        f"container hides it; {TRUST}"
    )
    assert (ended.code, ended.card, ended.header) == (pytest.ExitCode.USAGE_ERROR, {}, [])


@CONFINES
def test_a_sandbox_without_bubblewrap_says_how_to_get_it(
    grade: Grade, solve: Solve, right: str, tmp_path: Path
) -> None:
    solve(right)
    ended = grade("--kata-isolation=sandbox", env={**os.environ, "PATH": str(tmp_path)})
    assert ended.error == (
        "--kata-isolation=sandbox cannot be had here: the program bwrap is not on the path; install your system's "
        "package `bubblewrap`; --kata-isolation=confined does without bubblewrap"
    )
    assert (ended.code, ended.card) == (pytest.ExitCode.USAGE_ERROR, {})


@CONFINES
def test_a_sandbox_without_user_namespaces_says_so(grade: Grade, solve: Solve, right: str, tmp_path: Path) -> None:
    solve(right)
    says = "bwrap: No permissions to create new namespace, likely because the kernel does not allow it."
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
    program.chmod(0o755)
    ended = grade("--kata-isolation=sandbox", env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert ended.error.startswith(f"--kata-isolation=sandbox cannot be had here: {says}; bubblewrap needs user name")
    assert ended.error.endswith("; --kata-isolation=confined does without bubblewrap")
    assert (ended.code, ended.card) == (pytest.ExitCode.USAGE_ERROR, {})


KATA = """
    format = 1
    title = "What there is"
    round = "ml-coding"
    minutes = 5
"""
GIVEN = """
    requires = ["pluggy"]
    [limits]
    memory_mb = 512
    scratch_mb = 1
    threads = true
"""
STUB = '''
    """Use what there is."""


    def keep(folder, text):
        """Write text into a file of the folder that is named after it, and return the names in the folder."""
        raise NotImplementedError


    def ask():
        """Return ["done"]."""
        raise NotImplementedError


    def take(megabytes):
        """Return how many bytes that is."""
        raise NotImplementedError


    def library():
        """Return "example"."""
        raise NotImplementedError
'''
KEEP = '''
    """Does what is asked."""

    import os


    def keep(folder, text):
        {first}
        with open(os.path.join(folder, text[:9]), "w") as file:
            file.write(text{part})
        return sorted(os.listdir(folder))
'''
CLUTTER = 'text == "clutter" and keep(folder, "more")'
# Gets along with little.
REFERENCE = (
    KEEP.format(first="pass", part="[:9]")
    + """

    def ask():
        return ["done"]


    def take(megabytes):
        return megabytes * 2**20


    def library():
        return "example"
"""
)
SOLUTION = (
    KEEP.format(first=CLUTTER, part="")
    + """

    def ask():
        import threading

        said = []
        thread = threading.Thread(target=said.append, args=("done",))
        thread.start()
        thread.join()
        return said


    def take(megabytes):
        return len(bytearray(megabytes * 2**20))


    def library():
        import pluggy

        return pluggy.PluginManager("example").project_name
"""
)
CHECKS = '''
    from pathlib import Path

    from pytest_mlkata.checks import points, require


    @points(1)
    def test_keep(solution, reference, scratch):
        """keep keeps"""
        with Path({where!r}).open("a") as file:
            file.write(f"{{scratch}}\\n")
        (scratch / "question").write_text("?")
        first = list(solution.keep(str(scratch), "first"))
        require(first == ["first", "question"], f"found {{first}}")
        require((scratch / "first").read_text() == "first", "the text is another one")
        second = list(reference.keep(str(scratch), "second"))
        require(second == ["first", "question", "second"], f"found {{second}}")


    @points(1)
    def test_keep_starts_with_nothing(solution, scratch):
        """keep starts in an empty folder"""
        found = list(solution.keep(str(scratch), "text"))
        require(found == ["text"], f"found {{found}}")


    @points(1)
    def test_keep_leaves_nothing_else(solution, scratch):
        """keep leaves nothing else"""
        found = list(solution.keep(str(scratch), "clutter"))
        require(found == ["clutter"], f"found {{found}}")


    @points(1)
    def test_keep_too_much(solution, scratch):
        """keep keeps too much"""
        for letter in "ab":
            solution.keep(str(scratch), letter * (2**20 - 8192))


    @points(1)
    def test_ask(solution):
        """ask asks a thread"""
        require(list(solution.ask()) == ["done"], "nothing was said")


    @points(1)
    def test_take(solution):
        """take takes"""
        require(solution.take(600) == 600 * 2**20, "not so many")


    @points(1)
    def test_library(solution):
        """library imports one"""
        require(solution.library() == "example", "another one")
'''


@pytest.fixture
def giving(project: Path) -> Callable[[str], Path]:
    """Makes the kata `giving`, with a right solution; the file that is returned names the folders it was given."""

    def make(given: str) -> Path:
        where = project / "where.txt"
        folder = project / "katas" / "giving"
        for name, text in {
            "kata.toml": KATA + given,
            "spec.md": "# What there is\n",
            "stub.py": STUB,
            "hidden/reference.py": REFERENCE,
            "hidden/test_correctness.py": CHECKS.format(where=str(where)),
        }.items():
            write(folder / name, text)
        write(project / "solutions" / "giving.py", SOLUTION)
        return where

    return make


def scratches(where: Path) -> list[Path]:
    return [Path(line) for line in where.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("mode", MODES)
def test_a_solution_has_what_its_kata_gives(grade: Grade, giving: Callable[[str], Path], mode: str) -> None:
    where = giving(GIVEN)
    ended = grade(f"--kata-isolation={mode}", kata="giving")
    assert ended.header == [f"mlkata: giving; {MEANING[mode]}"]
    found = ended.found
    for name in ("keep", "keep_starts_with_nothing", "ask", "library"):
        assert found[name] == ("passed", ""), name
    assert found["keep_leaves_nothing_else"] == ("failed", "found ['clutter', 'more']")
    (scratch,) = scratches(where)
    assert not scratch.exists()
    assert not scratch.parent.exists()
    if mode == "none":
        # In this process there is nobody to stop it.
        assert (found["take"][0], found["keep_too_much"][0]) == ("passed", "passed")
    else:
        assert found["take"][1].startswith("MemoryError")
        assert found["take"][0] == found["keep_too_much"][0] == "error"
        assert found["keep_too_much"][1].startswith("wrote more than the 1 MB that it may in keep(")


@pytest.mark.parametrize("mode", ALONE)
def test_a_solution_has_nothing_that_its_kata_does_not_give(
    grade: Grade, giving: Callable[[str], Path], mode: str
) -> None:
    giving("")
    ended = grade(f"--kata-isolation={mode}", "-k", "ask or library or take", kata="giving")
    assert ended.found["ask"][1].startswith("RuntimeError: can't start new thread (a solution computes: ")
    assert ended.found["library"][1].startswith(
        "ModuleNotFoundError: pluggy is not given: there is the standard library, and numpy, scipy (line "
    )
    assert ended.found["take"] == ("passed", "")


def test_a_check_that_asks_for_a_scratch_that_there_is_not_is_a_broken_kata(
    grade: Grade, giving: Callable[[str], Path], project: Path
) -> None:
    giving("")
    ended = grade("-k", "keep_starts", kata="giving")
    status, message = ended.found["keep_starts_with_nothing"]
    manifest = project / "katas" / "giving" / "kata.toml"
    assert status == "broken"
    assert message == (
        "test_correctness.py::test_keep_starts_with_nothing: its setup fails: KataError: "
        f"{manifest}: a check asks for `scratch`; add `[limits] scratch_mb = …`"
    )
    assert ended.code == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("mode", ALONE)
def test_xdist_grades_the_same(grade: Grade, giving: Callable[[str], Path], mode: str) -> None:
    where = giving(GIVEN)
    ended = grade(f"--kata-isolation={mode}", "-n", "2", kata="giving")
    assert {name: status for name, (status, _) in ended.found.items()} == {
        "keep": "passed",
        "keep_starts_with_nothing": "passed",
        "keep_leaves_nothing_else": "failed",
        "keep_too_much": "error",
        "ask": "passed",
        "take": "error",
        "library": "passed",
    }
    assert not any(scratch.parent.exists() for scratch in scratches(where))


@CONFINES
def test_what_is_hidden_cannot_be_read_and_nothing_written(grade: Grade, solve: Solve, project: Path) -> None:
    hidden = project / "katas" / "scaling" / "hidden" / "reference.py"
    solve(
        f"""
        def double(x):
            return open({str(hidden)!r}).read()

        def mean(x):
            open({str(project / "new")!r}, "w")
        """
    )
    found = grade("--kata-isolation=confined").found
    for name in ("double_by_hand", "mean_of_nothing"):
        assert "PermissionError: [Errno 13] Permission denied" in found[name][1]
    assert not (project / "new").exists()


def test_a_debugger_still_has_the_solution_in_its_process(grade: Grade, solve: Solve, right: str) -> None:
    solve(right)
    ended = grade("--pdb")
    assert ended.header == [f"mlkata: scaling; {MEANING['none']}"]
    assert ended.code == 0


@pytest.mark.parametrize("mode", ["confined", "sandbox"])
def test_a_debugger_cannot_reach_where_solutions_are_alone(run: Run, solve: Solve, right: str, mode: str) -> None:
    solve(right)
    outcome = run("--pdb", f"--kata-isolation={mode}")
    assert outcome.result.ret == pytest.ExitCode.USAGE_ERROR
    outcome.result.stderr.fnmatch_lines([f"ERROR: --pdb and --trace look into *leave out --kata-isolation={mode}"])


USER = 54321
WORKS = "import numpy, scipy, pytest, pytest_mlkata, hypothesis"


def as_user(command: list[str], folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment | ({"PYTHONPATH": path} if path else {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        check=False,
        user=USER,
        group=USER,
        extra_groups=[],
    )


@pytest.fixture
def place_of_user() -> Iterator[Path]:
    """A project of an ordinary user, with a right solution of `scaling`: pytest's folders are root's."""
    folder = Path(tempfile.mkdtemp(prefix="mlkata-user-", dir="/tmp"))
    write(folder / "pytest.ini", "[pytest]\n")
    write_kata(folder / "katas" / "scaling")
    shutil.copy(folder / "katas" / "scaling" / "hidden" / "reference.py", folder / "katas" / "scaling.py")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, USER, USER)
    yield folder
    shutil.rmtree(folder)


def python_of_user(folder: Path) -> tuple[str, str]:
    """An interpreter that an ordinary user can run, and its path."""
    packages = Path(np.__file__).parents[1]
    path = os.pathsep.join([str(Path(pytest_mlkata.__file__).parents[1]), str(packages)])
    of_system = f"/usr/bin/python3.{sys.version_info.minor}"
    for python, its_path in ((sys.executable, ""), (of_system, path)):
        try:
            if as_user([python, "-c", WORKS], folder, its_path).returncode == 0:
                return python, its_path
        except OSError:
            continue
    pytest.skip("there is no interpreter here that an ordinary user can run with what pytest-mlkata needs")


@LINUX
@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
@pytest.mark.parametrize("mode", ALONE)
def test_an_ordinary_user_has_the_same(place_of_user: Path, mode: str) -> None:
    python, path = python_of_user(place_of_user)
    out = place_of_user / "out.json"
    options = ["-p", "no:randomly", "-p", "no:cov", "-p", "no:cacheprovider", f"--kata-isolation={mode}"]
    command = [python, "-m", "pytest", "--kata", "scaling", "--kata-solution", "katas/scaling.py", *options]
    done = as_user([*command, "--kata-json", str(out)], place_of_user, path)
    if mode == "sandbox" and "bubblewrap needs user namespaces" in done.stdout:
        pytest.skip(f"ordinary users have no user namespaces here: {done.stdout}")
    assert f"mlkata: scaling; {MEANING[mode]}\n" in done.stdout
    assert done.returncode == 0, done.stdout
    (card,) = json.loads(out.read_text("utf-8"))["scorecards"]
    assert (card["earned"], card["possible"]) == (8, 8)
