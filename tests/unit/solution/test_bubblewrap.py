"""What is asked of bubblewrap, what a submission sees in it, and what is said where it cannot be had."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pytest_mlkata.errors import IsolationError
from pytest_mlkata.solution import bubblewrap, launcher, visible
from pytest_mlkata.solution.confine import Confinement
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.isolation import choose
from pytest_mlkata.solution.launcher import Zygote
from pytest_mlkata.solution.proxy import Solution

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is there for Linux only")
NUMPY = np.__file__
MOUNTS = {"--ro-bind": 2, "--ro-bind-try": 2, "--dev-bind": 2, "--bind": 2, "--tmpfs": 1, "--symlink": 2}


def why_not() -> str:
    try:
        choose("sandbox")
    except IsolationError as error:
        return str(error)
    return ""


MISSING = why_not()
REAL = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def words(environment: dict[str, str] | None = None, libraries: tuple[str, ...] = (), writable: str = "") -> list[str]:
    with bubblewrap.options(environment or {}, libraries, writable) as file:
        text = file.read()
    assert text.endswith(b"\0")
    return [os.fsdecode(word) for word in text.split(b"\0")[:-1]]


def mounts(given: list[str]) -> list[tuple[str, str]]:
    """Kind and place of every mount, in their order."""
    return [
        (word, given[at + MOUNTS[word]])
        for at, word in enumerate(given)
        if word in MOUNTS and given[at - 1] != "--setenv"
    ]


@LINUX
def test_every_namespace_is_its_own_and_the_environment_empty() -> None:
    given = words({"LANG": "C.UTF-8", "PATH": "/bin"})
    for option in ("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"):
        assert given.count(option) == 1
    assert "--share-net" not in given
    assert given[given.index("--cap-drop") + 1] == "ALL"
    cleared = given.index("--clearenv")
    set_at = [at for at, word in enumerate(given) if word == "--setenv"]
    assert [given[at + 1 : at + 3] for at in set_at] == [["LANG", "C.UTF-8"], ["PATH", "/bin"]]
    assert all(at > cleared for at in set_at)


@LINUX
def test_a_folder_is_mounted_before_what_is_in_it() -> None:
    places = [place for _, place in mounts(words(libraries=(NUMPY,)))]
    for at, place in enumerate(places):
        covered = [each for each in places[:at] if each.startswith(f"{place}/")]
        assert not covered, f"{place} would cover them"


@LINUX
def test_no_folder_of_packages_shows_more_than_what_is_given(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "python3" / "site-packages" / "wanted"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    given = words(libraries=(str(package / "__init__.py"),))
    shown = [place for kind, place in mounts(given) if kind != "--tmpfs"]
    assert str(package) in shown
    assert not [each for each in shown if each.endswith(("site-packages", "dist-packages"))]
    assert not {"/", "/home", "/etc", "/proc", "/sys", "/dev", "/tmp", "/usr", "/root"} & set(shown)
    assert not any(Path(__file__).is_relative_to(each) for each in shown)


@LINUX
def test_what_must_stay_hidden_in_a_shown_folder_is_covered() -> None:
    given = mounts(words())
    for folder in visible.python_folders():
        assert ("--ro-bind", folder) in given
        for hidden in visible.hidden_in(folder):
            assert ("--tmpfs", hidden) in given
            assert given.index(("--tmpfs", hidden)) > given.index(("--ro-bind", folder))


@LINUX
def test_a_system_whose_lib_is_no_link_hides_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib" / "python3" / "dist-packages").mkdir(parents=True)
    (tmp_path / "lib64").symlink_to("lib")
    monkeypatch.setattr(
        bubblewrap, "_LOADERS", (str(tmp_path / "lib"), str(tmp_path / "lib64"), str(tmp_path / "none"))
    )
    given = mounts(words())
    ours = [each for each in given if each[1].startswith(str(tmp_path))]
    assert ours == [
        ("--ro-bind", str(tmp_path / "lib")),
        ("--tmpfs", str(tmp_path / "lib" / "python3")),
        ("--symlink", str(tmp_path / "lib64")),
    ]


@LINUX
def test_only_one_folder_can_be_written_to(tmp_path: Path) -> None:
    given = words(writable=str(tmp_path))
    assert [place for kind, place in mounts(given) if kind == "--bind"] == [str(tmp_path)]
    assert "--bind" not in words()
    assert given[-4:] == ["--remount-ro", "/", "--chdir", "/"]


@LINUX
def test_text_that_is_no_utf8_arrives() -> None:
    assert os.fsdecode(b"\xff") in words({"ODD": os.fsdecode(b"\xff")})


@LINUX
def test_the_command_runs_python_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bwrap"
    program.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    command = bubblewrap.command(7, ["-S", "x.py"])
    assert command[:4] == [str(program), "--args", "7", "--"]
    assert command[-2:] == ["-S", "x.py"]
    assert not Path(command[4]).is_symlink()
    assert os.access(command[4], os.X_OK)


def test_what_is_missing_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert bubblewrap.missing() == "the program bwrap is not on the path; install your system's package `bubblewrap`"
    (tmp_path / "bwrap").touch(0o755)
    assert bubblewrap.missing() == ""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert bubblewrap.missing() == "bubblewrap is there for Linux only, and this is darwin"


NAMESPACES = (
    "; bubblewrap needs user namespaces: some systems keep them from ordinary users (Ubuntu 24.04 by AppArmor), and "
    "containers by their profile"
)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "bwrap: Unknown option --disable-userns\n",
            "bwrap: Unknown option --disable-userns; bubblewrap 0.8 or newer is needed",
        ),
        (
            "bwrap: setting up uid map: Permission denied\nmore\n",
            f"bwrap: setting up uid map: Permission denied{NAMESPACES}",
        ),
        (" \n", f"it ended without a word{NAMESPACES}"),
        ("", f"it ended without a word{NAMESPACES}"),
    ],
)
def test_what_bubblewrap_says_is_explained(message: str, said: str) -> None:
    assert bubblewrap.fault(message) == said


@LINUX
@pytest.mark.parametrize(
    ("says", "said"),
    [
        ("bwrap: No permissions to create new namespace", f"bwrap: No permissions to create new namespace{NAMESPACES}"),
        ("bwrap: Unknown option --args", "bwrap: Unknown option --args; bubblewrap 0.8 or newer is needed"),
        ("Segmentation fault", r"no process can be started to run a solution in \(.+\); .+ said: Segmentation fault"),
    ],
)
def test_a_bubblewrap_that_does_not_work_is_explained_where_it_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str, said: str
) -> None:
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    pattern = said if "said:" in said else said.replace("(", r"\(").replace(")", r"\)")
    with Zygote(boxed=True) as zygote, pytest.raises(IsolationError, match=f"^{pattern}$"):
        zygote.fork(Confinement())


SOURCE = """
import os
import numpy as np

def look(path):
    try:
        return sorted(os.listdir(path)) if os.path.isdir(path) else "there" if os.path.exists(path) else "nothing"
    except OSError as error:
        return type(error).__name__

def write(path):
    try:
        with open(path, "w") as file:
            return file.write("text")
    except OSError as error:
        return type(error).__name__

def around():
    return {"environment": sorted(os.environ), "pid": os.getpid(), "host": os.uname().nodename, "user": os.getuid()}

def invert(x):
    return np.linalg.inv(x)
"""
NAMES = ("look", "write", "around", "invert")
Start = Callable[[Confinement], Solution]


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("writable")


@pytest.fixture(scope="module")
def zygote(writable: Path) -> Iterator[Zygote]:
    with Zygote(boxed=True, writable=str(writable)) as started:
        yield started


@pytest.fixture
def start(zygote: Zygote) -> Iterator[Start]:
    """Starts a submission in bubblewrap."""
    hosts: list[Host] = []

    def start_with(how: Confinement) -> Solution:
        hosts.append(Host(zygote, SOURCE, name="example", how=how))
        return Solution(hosts[-1], NAMES)

    yield start_with
    for host in hosts:
        host.close()


@REAL
@pytest.mark.parametrize("confined", [False, True])
def test_the_file_system_is_not_there(start: Start, tmp_path: Path, *, confined: bool) -> None:
    hidden = tmp_path / "hidden" / "test_checks.py"
    hidden.parent.mkdir()
    hidden.touch()
    solution = start(Confinement(confined=confined))
    paths = ("/etc/passwd", "/proc", "/proc/self/status", "/sys", "/home", "/dev/shm", str(hidden), str(hidden.parent))
    assert {path: solution.look(path) for path in paths} == dict.fromkeys(paths, "nothing")
    # Of this package it has only what runs a solution.
    for package in ("pytest", "pytest_mlkata/checks", "pytest_mlkata/katas.zip", "hypothesis"):
        assert solution.look(str(Path(NUMPY).parents[1] / package)) == "nothing"
    assert solution.look(__file__) == "nothing"
    assert solution.invert(np.eye(3) * 2).tolist() == (np.eye(3) / 2).tolist()


@REAL
def test_bubblewrap_alone_keeps_files_from_being_written(start: Start, writable: Path) -> None:
    """It is a layer of its own."""
    solution = start(Confinement())
    assert solution.write("/new") == "OSError"
    assert solution.write(f"{visible.python_folders()[0]}/new.py") == "OSError"
    assert solution.write(f"{writable}/mine") == 4
    assert (writable / "mine").read_text() == "text"


@REAL
def test_the_scratch_alone_can_be_written_to(start: Start, writable: Path) -> None:
    mine, other = writable / "one", writable / "two"
    mine.mkdir()
    other.mkdir()
    solution = start(Confinement(confined=True, scratch=str(mine), scratch_size=1000))
    assert solution.write(f"{mine}/file") == 4
    assert solution.look(str(mine)) == ["file"]
    assert solution.write(f"{other}/file") == "PermissionError"
    assert solution.look(str(other)) == "PermissionError"
    without = start(Confinement(confined=True))
    assert without.write(f"{mine}/other") == "PermissionError"


@REAL
def test_what_is_around_is_its_own(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    found = start(Confinement(confined=True)).around()
    assert set(found["environment"]) <= {*launcher._ENVIRONMENT, *launcher._KEPT, "PATH", "PWD", "LC_CTYPE"}
    assert 0 < found["pid"] < 100
    assert found["user"] == os.getuid()


@REAL
def test_nothing_is_left_when_the_zygote_is_closed(tmp_path: Path) -> None:
    with Zygote(boxed=True) as zygote:
        pid = zygote.fork(Confinement(confined=True)).pid
        assert pid != os.getpid()
        assert Path(f"/proc/{pid}").exists()
    assert not Path(f"/proc/{pid}/exe").exists()
    assert shutil.which("bwrap")
    assert list(tmp_path.iterdir()) == []
