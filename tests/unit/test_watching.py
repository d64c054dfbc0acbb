"""What `mlkata watch` is made of: seeing changes, a run that stays, and a screen."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from pytest_mlkata import cli
from pytest_mlkata.model import Check, Report, Status, Submission
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.memory import Memory
from pytest_mlkata.session.nodes import CHECK
from pytest_mlkata.session.project import Project
from pytest_mlkata.session.request import Grading, RunRequest
from pytest_mlkata.session.resident import Fault, Graded, Order, Progress, Resident, in_turn
from pytest_mlkata.solution.fingerprint import fingerprints
from pytest_mlkata.solution.isolation import choose
from pytest_mlkata.watching.files import Notifier, Watched
from pytest_mlkata.watching.loop import Wanted
from pytest_mlkata.watching.screen import Screen

PATIENCE = 60.0
"""Seconds for what takes a fraction of one where the machine has nothing else to do."""

RIGHT = "def rank(x):\n    return [sum(b < a for b in x) for a in x]\n\ndef span(x):\n    return max(x) - min(x)\n"
WRONG = RIGHT.replace("max(x) - min(x)", "0")


@pytest.fixture
def kata(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Path:
    return write_ranks(tmp_path / "katas")


@pytest.fixture
def watched(tmp_path: Path, kata: Path) -> Watched:
    (tmp_path / "solutions").mkdir()
    return Watched(tmp_path / "solutions" / "ranks.py", kata)


# What there is


def test_nothing_new_is_seen_where_nothing_happened(watched: Watched) -> None:
    watched.solution.write_text(RIGHT)
    assert watched.look() == watched.look()


def save_in_place(path: Path) -> None:
    path.write_text(WRONG)


def save_the_same_again(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def save_by_renaming(path: Path) -> None:
    new = path.with_suffix(".tmp")
    new.write_text(RIGHT)
    os.utime(new, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    new.rename(path)


def delete(path: Path) -> None:
    path.unlink()


SAVES = [save_in_place, save_the_same_again, save_by_renaming, delete]


@pytest.mark.parametrize("save", SAVES)
def test_a_save_is_seen_however_it_is_done(watched: Watched, save: Callable[[Path], None]) -> None:
    watched.solution.write_text(RIGHT)
    before = watched.look()
    save(watched.solution)
    after = watched.look()
    assert after != before
    assert after.kata == before.kata


@pytest.mark.parametrize("name", ["kata.toml", "hidden/test_correctness.py", "hidden/new.py", "hints.md"])
def test_a_change_of_the_kata_is_seen(watched: Watched, name: str) -> None:
    before = watched.look()
    (watched.kata / name).write_text("# longer than it was, or new\n" * 100)
    assert watched.look().kata != before.kata


def test_bytecode_is_no_change(watched: Watched) -> None:
    before = watched.look()
    (watched.kata / "hidden" / "__pycache__").mkdir()
    (watched.kata / "hidden" / "__pycache__" / "reference.pyc").touch()
    assert watched.look() == before


def test_a_folder_that_is_missing_is_awaited_where_it_can_come(watched: Watched) -> None:
    home, *of_the_kata = watched.folders()
    assert home == watched.solution.parent
    assert set(of_the_kata) >= {watched.kata, watched.kata / "hidden"}
    home.rmdir()
    assert watched.folders()[0] == home.parent


# Being told


@pytest.fixture
def notifier(watched: Watched) -> Iterator[Notifier]:
    watched.solution.write_text(RIGHT)
    notifier = Notifier(watched.folders())
    yield notifier
    notifier.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(notifier._pid, 0)


def says_something(notifier: Notifier, meanwhile: Callable[[], object]) -> bool:
    """It is not known when it begins to see, so it happens until it is seen."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        meanwhile()
        if select.select([notifier.fileno()], [], [], 0.5)[0]:
            return True
    return False


@pytest.mark.parametrize("file", ["solution", "check"])
def test_a_save_is_told(notifier: Notifier, watched: Watched, file: str) -> None:
    path = watched.solution if file == "solution" else watched.kata / "hidden" / "test_correctness.py"
    assert says_something(notifier, lambda: path.write_text(path.read_text()))
    notifier.take()
    assert not notifier.is_over


def test_what_cannot_be_seen_is_said_to_be_over(tmp_path: Path) -> None:
    notifier = Notifier([tmp_path / "absent"])
    assert select.select([notifier.fileno()], [], [], PATIENCE)[0]
    notifier.take()
    assert notifier.is_over
    notifier.close()


def test_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, kata: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.chdir(kata.parent.parent)
    (kata.parent.parent / "pytest.ini").write_text("[pytest]\n")
    done = CliRunner().invoke(cli.main, ["watch", "ranks"])
    assert done.exit_code == 1
    assert done.stderr == ("Error: mlkata watch needs the package watchfiles: pip install 'pytest-mlkata[watch]'\n")


# What is asked for


@pytest.mark.parametrize(
    ("given", "file"), [(None, "solutions/ranks.py"), ("mine.py", "mine.py"), ("solutions", "solutions/ranks.py")]
)
def test_the_file_that_is_watched_is_the_one_that_is_graded(
    watched: Watched, tmp_path: Path, given: str | None, file: str
) -> None:
    for path in (watched.solution, tmp_path / "mine.py"):
        path.write_text(RIGHT)
    project = Project(tmp_path, (), tmp_path / "solutions")
    wanted = Wanted(project, watched.kata, tmp_path / given if given else None, "process", "", 0)
    assert wanted.watched.solution == tmp_path / file
    (grading,) = wanted.request().gradings
    assert grading.submission.path == (tmp_path / file).resolve()


# The run that stays


def fake(id_: str, category: str) -> Any:
    return SimpleNamespace(stash={CHECK: Check(id_, category, "f", "property", "", 1)})


def test_what_failed_comes_first_but_never_before_what_it_depends_on() -> None:
    items = [fake("a", "correctness"), fake("b", "edge_cases"), fake("c", "timing"), fake("d", "vectorization")]
    items.append(fake("e", "other"))
    turn = in_turn(items, {"b", "d", "e"})
    assert [item.stash[CHECK].id for item in turn] == ["b", "a", "d", "c", "e"]


def request(kata: Path, solution: Path, isolation: str) -> RunRequest:
    return RunRequest((Grading(kata, Submission("ranks", solution)),), isolation=isolation)


def next_graded(resident: Resident) -> Graded:
    while True:
        answer = resident.answer()
        assert not isinstance(answer, Fault), answer
        assert answer is not None, "the run has ended"
        if not isinstance(answer, Progress):
            return answer


def found(report: Report) -> list[tuple[object, ...]]:
    """Everything but how long it took."""
    (card,) = report.scorecards
    return [(card.earned, card.possible, card.broken)] + [
        (result.check, result.status, result.message, result.counterexample, result.output) for result in card.results
    ]


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("isolation", ["none", choose(None)[0]])
def test_each_grading_is_that_of_a_run_of_its_own(kata: Path, watched: Watched, tmp_path: Path, isolation: str) -> None:
    asked = request(kata, watched.solution, isolation)
    watched.solution.write_text(WRONG)
    resident = Resident(asked, tmp_path)
    try:
        failed: frozenset[str] = frozenset()
        memory = Memory()
        for text in (WRONG, "import os\nos._exit(3)\n", "def rank(:\n", RIGHT):
            watched.solution.write_text(text)
            if isolation == "none" and "_exit" in text:
                continue
            resident.order(Order(failed, memory))
            graded = next_graded(resident)
            report, memory = graded.report, graded.memory
            assert found(report) == found(grade(asked, root=tmp_path))
            failed = frozenset(result.check.id for result in report.scorecards[0].results if not result.status.earns)
        assert failed == frozenset()
        assert len(memory.held) == (0 if isolation == "none" else 3)
    finally:
        resident.stop()


@pytest.mark.usefixtures("quiet")
def test_a_check_that_holds_is_not_run_again_while_nothing_has_changed_for_it(
    kata: Path, watched: Watched, tmp_path: Path
) -> None:
    def statuses(text: str, memory: Memory) -> dict[str, Status]:
        watched.solution.write_text(text)
        resident.order(Order(frozenset(), memory))
        (card,) = next_graded(resident).report.scorecards
        return {result.check.id.partition("::")[2]: result.status for result in card.results}

    span = "test_correctness.py::test_span_is_the_range"
    resident = Resident(request(kata, watched.solution, choose(None)[0]), tmp_path)
    try:
        memory = Memory({span: {"span": fingerprints(WRONG)["span"]}})  # it never held
        assert statuses(WRONG, memory)["test_span_is_the_range"] is Status.PASSED
        assert statuses(WRONG.replace("return 0", "return 1"), memory)["test_span_is_the_range"] is Status.FAILED
        assert statuses(WRONG, Memory({span: {}}))["test_span_is_the_range"] is Status.FAILED
    finally:
        resident.stop()


@pytest.mark.usefixtures("quiet")
def test_a_grading_that_is_overtaken_ends_at_once_with_all_that_it_started(
    kata: Path, watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    (kata / "kata.toml").write_text((kata / "kata.toml").read_text() + "[limits]\nscratch_mb = 1\n")
    watched.solution.write_text("while True:\n    pass\n")
    resident = Resident(request(kata, watched.solution, choose(None)[0]), tmp_path)
    resident.order(Order())
    deadline = time.monotonic() + PATIENCE
    while not list(temporary.glob("mlkata-*/ranks-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(temporary.glob("mlkata-*/ranks-*")), "the grading has begun"
    resident.stop()
    with pytest.raises(ChildProcessError):
        os.waitpid(resident._pid, 0)
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("quiet")
def test_a_run_whose_solution_killed_what_it_comes_from_ends_after_it(
    kata: Path, watched: Watched, tmp_path: Path
) -> None:
    watched.solution.write_text(f"import os\nos.kill(os.getppid(), {int(signal.SIGKILL)})\n{RIGHT}")
    resident = Resident(request(kata, watched.solution, "process"), tmp_path)
    resident.order(Order())
    assert next_graded(resident).report.scorecards
    assert resident.answer() is None
    assert resident.is_over
    resident.stop()


# The screen


def test_a_terminal_is_repainted_and_anything_else_is_written_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for in_place in (True, False):
        screen = Screen(in_place, color=False, root=tmp_path)
        screen.status("grading")
        screen.say("a sentence", "footer")
        screen.leave()
    said = capsys.readouterr().out
    assert said == "\r\x1b[Kgrading\x1b[H\x1b[2Ja sentence\n\n\r\x1b[Kfooter\na sentence\n\n"


@pytest.mark.parametrize(
    ("tty", "terminal", "no_color", "expected"),
    [
        (True, "xterm", "", (True, True)),
        (True, "xterm", "1", (True, False)),
        (True, "dumb", "", (False, False)),
        (False, "xterm", "", (False, False)),
    ],
)
def test_what_standard_output_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, tty: bool, terminal: str, no_color: str, expected: object
) -> None:
    monkeypatch.setattr("sys.stdout", SimpleNamespace(isatty=lambda: tty))
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setenv("NO_COLOR", no_color)
    screen = Screen.here(tmp_path)
    assert (screen.in_place, screen.color) == expected
