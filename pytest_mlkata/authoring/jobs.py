"""Grades in several processes at once.

Each process is handed a few gradings at a time, so that none of them waits for long for the last one. They end with
this one: when it is interrupted they are told to, and one that does not is killed.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Self

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.model import Scorecard
from pytest_mlkata.session.launch import grade
from pytest_mlkata.session.request import RunRequest

MOST = 4
"""Processes that are started unless more are asked for."""
_MOST_AT_ONCE = 8
"""Gradings that are handed to a process together: it loads the checks once for them."""
_INTERRUPTED = 130
"""The exit code of a process that a signal has ended, as of a shell."""
_PATIENCE = 3.0
"""Seconds in which a process tidies up when it is told to end."""

Progress = Callable[[int, int], None]
"""Is told how many gradings are done, and of how many."""


def usual_jobs() -> int:
    """Return how many processes to start: one for each core that may be used, and no more than four."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, usable)


@dataclass(frozen=True)
class _Chunk:
    """Some gradings of a request, from the one with number `start`."""

    start: int
    request: RunRequest


class _Process:
    """A process that grades what it is handed."""

    def __init__(self, root: Path) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(theirs, root), daemon=True)
        self._process.start()
        theirs.close()
        self.chunk: _Chunk | None = None

    def hand(self, chunk: _Chunk) -> None:
        """Have it grade something."""
        self.chunk = chunk
        # One that has ended since is found out, and said, where its answer is taken.
        with suppress(ConnectionError):
            self.connection.send(chunk.request)

    def take(self) -> tuple[Scorecard, ...]:
        """What it has found."""
        assert self.chunk is not None
        try:
            answer = self.connection.recv()
        except (EOFError, ConnectionError):
            self._process.join(_PATIENCE)
            labels = ", ".join(grading.submission.label for grading in self.chunk.request.gradings)
            raise MlkataError(
                f"a process that grades ended (exit code {self._process.exitcode}) while it was at {labels}; "
                f"check the memory of this machine, or use --jobs 1 to see more"
            ) from None
        self.chunk = None
        if isinstance(answer, MlkataError):
            raise answer
        scorecards: tuple[Scorecard, ...] = answer
        return scorecards

    def tell_to_end(self) -> None:
        """Have it end soon, with everything that it has started."""
        self.connection.close()
        if self.chunk is not None:
            self._process.terminate()

    def end(self) -> None:
        """Wait for its end, and no longer than it takes to tidy up."""
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


class Jobs:
    """Some processes that grade; to be used in a `with` statement.

    Parameters
    ----------
    count
        How many. With one everything is graded in this process.
    root
        The folder that caches and relative paths belong to.
    """

    def __init__(self, count: int, root: Path) -> None:
        self.count = count
        self._root = root
        self._processes: list[_Process] = []
        self.progress: Progress = lambda _done, _of: None
        """Is called after every few gradings."""

    def __enter__(self) -> Self:
        """Start nothing yet: a process is started when there is something to grade."""
        return self

    def __exit__(self, *raised: object) -> None:
        """End every process."""
        for process in self._processes:
            process.tell_to_end()
        for process in self._processes:
            process.end()
        self._processes.clear()

    def grade(self, request: RunRequest) -> tuple[Scorecard, ...]:
        """Grade a request; the scorecards are in the order of its gradings.

        Raises
        ------
        MlkataError
            A process ended before it could report, or what grades raised something.
        """
        chunks = _chunks(request, self.count)
        found: dict[int, tuple[Scorecard, ...]] = {}
        if self.count == 1:
            for chunk in chunks:
                found[chunk.start] = _graded(chunk.request, self._root)
                self.progress(sum(map(len, found.values())), len(request.gradings))
        else:
            self._share(chunks, found, len(request.gradings))
        return tuple(card for start in sorted(found) for card in found[start])

    def _share(self, chunks: Sequence[_Chunk], found: dict[int, tuple[Scorecard, ...]], total: int) -> None:
        while len(self._processes) < min(self.count, len(chunks)):
            self._processes.append(_Process(self._root))
        left = list(reversed(chunks))
        for process in self._processes:
            if left:
                process.hand(left.pop())
        while busy := {process.connection: process for process in self._processes if process.chunk is not None}:
            for ready in wait(list(busy)):
                process = busy[ready]  # type: ignore[index]  # `wait` gives back what it was given
                assert process.chunk is not None
                start = process.chunk.start
                found[start] = process.take()
                if left:
                    process.hand(left.pop())
                self.progress(sum(map(len, found.values())), total)


def _chunks(request: RunRequest, count: int) -> list[_Chunk]:
    """Divide a request so that every process gets several parts; one process gets it whole."""
    total = len(request.gradings)
    size = max(1, min(_MOST_AT_ONCE, -(-total // (4 * count)))) if count > 1 else max(total, 1)
    return [
        _Chunk(start, replace(request, gradings=request.gradings[start : start + size]))
        for start in range(0, total, size)
    ]


def _serve(connection: Connection, root: Path) -> None:
    """Grade what comes until nothing more does; a signal ends it after it has tidied up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while True:
            connection.send(_answer(connection.recv(), root))
    except (EOFError, ConnectionError):
        connection.close()  # there is nobody any more to grade for
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _answer(request: RunRequest, root: Path) -> tuple[Scorecard, ...] | MlkataError:
    """Grade a request, and give back what is raised."""
    try:
        return _graded(request, root)
    except MlkataError as error:
        return error


def _graded(request: RunRequest, root: Path) -> tuple[Scorecard, ...]:
    """Grade a request; whatever is raised, the author is told in one sentence."""
    try:
        return grade(request, root=root).scorecards
    except MlkataError:
        raise
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error} ({Path(where.filename).name}, line {where.lineno})"
        raise MlkataError(
            f"the grading run ended before it could report: {said}; run it with `pytest --kata` to see more"
        ) from error
