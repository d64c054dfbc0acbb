from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mlkata.authoring import jobs
from pytest_mlkata.authoring.jobs import MOST, Jobs, usual_jobs
from pytest_mlkata.errors import KataError, MlkataError
from pytest_mlkata.model import Report, Scorecard, Submission, Versions
from pytest_mlkata.session.request import Grading, RunRequest

FOLDER = Path("ranks")


def request(count: int) -> RunRequest:
    labels = [f"wrong.m{number}" for number in range(count)]
    return RunRequest(tuple(Grading(FOLDER, Submission("ranks", Path("x.py"), label=each)) for each in labels))


def cards(request: RunRequest) -> tuple[Scorecard, ...]:
    return tuple(
        Scorecard("ranks", "Ranks", 3, "", "x.py", is_stub=False, seed=0, results=(), label=each.submission.label)
        for each in request.gradings
    )


def report(request: RunRequest, *, root: Path) -> Report:  # noqa: ARG001  # as `grade` is called
    return Report(cards(request), Versions("1", "3", "2", "6"))


class Deaf:
    """Stands for a process: what it was handed first is ready last."""

    started: list[Deaf]

    def __init__(self, _root: Path) -> None:
        self.connection, self._theirs = multiprocessing.Pipe()
        self.chunk: jobs._Chunk | None = None
        self.sizes: list[int] = []
        self.started.append(self)

    def hand(self, chunk: jobs._Chunk) -> None:
        self.chunk = chunk
        self.sizes.append(len(chunk.request.gradings))

    def take(self) -> tuple[Scorecard, ...]:
        assert self.chunk is not None
        found, self.chunk = cards(self.chunk.request), None
        return found

    def tell_to_end(self) -> None:
        self.connection.close()

    def end(self) -> None:
        self._theirs.close()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Deaf]:
    """The processes that would have been started; the last one that has something to do is always the first to end."""
    Deaf.started = []
    monkeypatch.setattr(jobs, "_Process", Deaf)
    monkeypatch.setattr(jobs, "wait", lambda connections: connections[-1:])
    return Deaf.started


# Parts


@pytest.mark.parametrize(
    ("total", "count", "sizes"),
    [
        (0, 2, []),
        (1, 2, [1]),
        (7, 2, [1] * 7),
        (9, 2, [2, 2, 2, 2, 1]),
        (200, 2, [8] * 25),
        (200, 1, [200]),
        (0, 1, []),
    ],
)
def test_a_request_is_divided_so_that_no_process_waits_for_long(total: int, count: int, sizes: list[int]) -> None:
    asked = request(total)
    chunks = jobs._chunks(asked, count)
    assert [len(chunk.request.gradings) for chunk in chunks] == sizes
    assert [chunk.start for chunk in chunks] == [sum(sizes[:number]) for number in range(len(sizes))]
    assert sum((chunk.request.gradings for chunk in chunks), ()) == asked.gradings


def test_every_part_asks_for_the_same() -> None:
    asked = RunRequest(request(3).gradings, isolation="none", seed=7, shrink=False, first_failure=True)
    for chunk in jobs._chunks(asked, 2):
        part = chunk.request
        assert (part.isolation, part.seed, part.shrink, part.first_failure) == ("none", 7, False, True)


# Sharing


def test_results_come_in_the_order_of_the_gradings(started: list[Deaf], tmp_path: Path) -> None:
    asked = request(20)
    told: list[tuple[int, int]] = []
    with Jobs(2, tmp_path) as pool:
        pool.progress = lambda done, of: told.append((done, of))
        assert pool.grade(asked) == cards(asked)
        assert pool.grade(request(1)) == cards(request(1))
    assert len(started) == 2
    assert [each.sizes for each in started] == [[3, 1], [3, 3, 3, 3, 3, 2]]
    assert [of for _, of in told] == [20] * 7 + [1]
    assert told[6:] == [(20, 20), (1, 1)]
    assert [done for done, _ in told[:7]] == sorted(done for done, _ in told[:7])


def test_no_more_processes_are_started_than_there_is_work_for(started: list[Deaf], tmp_path: Path) -> None:
    with Jobs(4, tmp_path) as pool:
        assert pool.grade(request(0)) == ()
        assert started == []
        pool.grade(request(2))
        assert len(started) == 2
    assert all(each.connection.closed for each in started)


def test_one_process_is_this_one(started: list[Deaf], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "grade", report)
    with Jobs(1, tmp_path) as pool:
        assert pool.grade(request(20)) == cards(request(20))
    assert started == []


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (KataError("kata.toml is missing"), "kata.toml is missing"),
        (
            ZeroDivisionError("by 0"),
            "the grading run ended before it could report: ZeroDivisionError: by 0 (test_",
        ),
    ],
)
def test_what_grading_raises_is_told_alike_with_one_process_and_with_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception, told: str
) -> None:
    def fail(_request: RunRequest, *, root: Path) -> Report:  # noqa: ARG001  # as `grade` is called
        raise raised

    monkeypatch.setattr(jobs, "grade", fail)
    with Jobs(1, tmp_path) as pool, pytest.raises(MlkataError) as alone:
        pool.grade(request(1))
    sent = pickle.loads(pickle.dumps(jobs._answer(request(1), tmp_path)))  # as a connection does
    assert str(alone.value).startswith(told)
    assert (type(sent), str(sent)) == (type(alone.value), str(alone.value))


def test_there_is_a_process_for_each_core_and_no_more_than_four(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, count in ((1, 1), (3, 3), (64, MOST)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid, cores=cores: set(range(cores)))
        assert usual_jobs() == count


# Real processes


def test_real_processes_grade_say_what_is_wrong_and_end(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> None:
    folder = write_ranks(tmp_path)
    gradings = tuple(
        Grading(folder, Submission("ranks", folder / name, label=label))
        for label, name in (("reference", "hidden/reference.py"), ("wrong.ties", "hidden/wrong/ties.py"))
    )
    asked = RunRequest(gradings, isolation="none", shrink=False, diagnose=False)
    pool = Jobs(2, tmp_path)
    with pool:
        assert [(card.label, card.earned) for card in pool.grade(asked)] == [("reference", 4), ("wrong.ties", 3)]
        victim = pool._processes[0]._process
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
        with pytest.raises(MlkataError) as ended:
            pool.grade(asked)
    assert "a process that grades ended (exit code -9) while it was at " in str(ended.value)
    assert str(ended.value).endswith("check the memory of this machine, or use --jobs 1 to see more")
    assert multiprocessing.active_children() == []


def test_an_interrupted_run_leaves_no_process_behind(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> None:
    folder = write_ranks(tmp_path)
    marker = tmp_path / "grading"
    slow = folder / "hidden" / "right" / "slow.py"
    slow.write_text(f'import os, time\nopen({str(marker)!r}, "w").write(str(os.getpid()))\ntime.sleep(60)\n')
    asked = RunRequest((Grading(folder, Submission("ranks", slow, label="right.slow")),), isolation="none")

    def interrupt() -> None:
        process = jobs._Process(tmp_path)
        pool._processes.append(process)
        process.hand(jobs._Chunk(0, asked))
        while not (marker.exists() and marker.read_text()):
            time.sleep(0.02)
        raise KeyboardInterrupt

    pool = Jobs(2, tmp_path)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), pool:
        interrupt()
    assert multiprocessing.active_children() == []
    assert time.monotonic() - began < 40
    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)
