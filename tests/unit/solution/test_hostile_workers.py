"""A worker that says the right thing in the wrong way, or too much, or something of the wrong type.

The test is the worker: it writes into the pipe that replies come from.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hostile import CALL, PRIME, Puppets, frame_of, joined, reply, yardstick

from pytest_mlkata.checks.efficiency import assert_vectorized
from pytest_mlkata.errors import NotStarted, SubmissionRaised, SubmissionStopped, SubmissionUnloadable
from pytest_mlkata.solution import wire
from pytest_mlkata.solution.describe import Call
from pytest_mlkata.solution.handle import MAX_TITLE, Handle, method
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.proxy import Solution, Stream
from pytest_mlkata.solution.raising import MAX_FRAMES, MAX_LINE, MAX_NAME, MAX_TEXT
from pytest_mlkata.solution.values import REPLY
from pytest_mlkata.solution.verdict import verdict

SECONDS = 0.1
WALL = 5 * SECONDS
"""How long a call may take that uses no processor time."""

PATIENCE = 20
"""Seconds that a busy machine may add."""

Worker = Callable[[Callable[[bytes], None]], None]


@contextlib.contextmanager
def played_by(worker: Worker) -> Iterator[Host]:
    """Give a judge whose worker is a function that gets another, which sends bytes."""
    puppets = Puppets()
    host = puppets.host(SECONDS)

    def run() -> None:
        try:
            with contextlib.suppress(BrokenPipeError):
                worker(puppets.send)
        finally:
            os.close(puppets.replies)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield host
    finally:
        host.close()
        thread.join(5)
        puppets.leave()
        assert not thread.is_alive()


def slowly(send: Callable[[bytes], None], data: bytes, pause: float = 0.0) -> None:
    for byte in data:
        send(bytes([byte]))
        time.sleep(pause)


def forever(send: Callable[[bytes], None], data: bytes) -> None:
    while True:
        send(data)


def then_sleep(send: Callable[[bytes], None], data: bytes) -> None:
    send(data)
    time.sleep(WALL + 0.2)


def prefix(header: int, buffers: int) -> bytes:
    return wire.PREFIX.pack(b"kata", header, buffers)


def numbered(content: str) -> Worker:
    """Return a worker that answers all requests with the same."""

    def work(send: Callable[[bytes], None]) -> None:
        # The judge reads what there is at once, and there must not be more than one.
        for number in itertools.count(1):
            send(frame_of(f'["t",{number},"value",{content}]'.encode()))
            time.sleep(0.02)

    return work


PULL = frame_of(b'["t",0,"pull",1]')
HALF = reply(f'"{"x" * 100}"')[:60]


@pytest.mark.parametrize(
    ("worker", "message"),
    [
        (lambda send: slowly(send, reply('"' + "x" * 1000 + '"'), 0.01), "did not end within 0.5 s"),
        (lambda send: slowly(send, b"kata" * 100), "broke the channel"),
        (lambda send: forever(send, PULL), "did not end within|broke the channel"),
        (lambda send: then_sleep(send, HALF), "did not end within 0.5 s"),
        (lambda send: then_sleep(send, HALF[:5]), "did not end within 0.5 s"),
        (lambda send: send(HALF), "the process ended"),
        (lambda send: send(HALF[:5]), "the process ended"),
        (lambda send: send(b""), "the process ended"),
        (lambda send: then_sleep(send, b""), "did not end within 0.5 s"),
        (lambda send: send(reply("1") * 2), "broke the channel.*not asked"),
        (lambda send: send(frame_of(b'["t",0,"value",1]')), "broke the channel.*belongs to no request"),
        (lambda send: send(frame_of(b'["t",2,"value",1]')), "broke the channel.*belongs to no request"),
        (lambda send: send(frame_of(b'["t",1,"pull",1]')), "broke the channel.*belongs to no request"),
        (lambda send: send(frame_of(b'["t",0,"pull",2]')), "broke the channel.*not given"),
        (lambda send: forever(send, bytes(65536)), "broke the channel"),
        (lambda send: then_sleep(send, prefix(REPLY.header + 16, 0)), "broke the channel.*too large"),
        (lambda send: then_sleep(send, prefix(16, REPLY.buffers + 16)), "broke the channel.*too large"),
        (lambda send: then_sleep(send, prefix(16, 2**64 - 16)), "broke the channel.*too large"),
    ],
    ids=[
        *("byte by byte", "garbage byte by byte", "endless pulls", "half a frame", "half a prefix"),
        *("half a frame and the end", "half a prefix and the end", "the end", "nothing", "two replies"),
        *(
            "a reply to nothing",
            "the next reply",
            "a pull as a reply",
            "a pull of another stream",
            "a flood",
            "a large header",
            "large arrays",
            "huge arrays",
        ),
    ],
)
def test_a_worker_that_never_replies_stops_in_time(worker: Worker, message: str) -> None:
    started = time.monotonic()
    with played_by(worker) as host, pytest.raises(SubmissionStopped, match=message) as stopped:
        Solution(host, ("f",)).f(Stream([1, 2]))
    assert "in f(" in str(stopped.value)
    assert time.monotonic() - started < WALL + PATIENCE


def test_slow_is_no_fault_as_long_as_there_is_time() -> None:
    with played_by(lambda send: slowly(send, reply('["t",1,"two"]'), 0.002)) as host:
        assert Solution(host, ("f",)).f(1) == (1, "two")


def test_a_reply_before_the_request_is_no_more_than_a_result() -> None:
    with played_by(lambda send: then_sleep(send, reply("1"))) as host:
        time.sleep(0.05)
        assert Solution(host, ("f",)).f(1) == 1


def test_a_second_reply_is_not_taken_for_that_of_the_next_request() -> None:
    def worker(send: Callable[[bytes], None]) -> None:
        send(reply("1"))
        time.sleep(0.05)
        send(reply("2"))

    with played_by(worker) as host:
        solution = Solution(host, ("f",))
        assert solution.f(1) == 1
        time.sleep(0.1)
        with pytest.raises(SubmissionStopped, match="belongs to no request"):
            solution.f(1)


def test_bytes_that_always_come_in_time_do_not_stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    read = os.readv
    monkeypatch.setattr(os, "readv", lambda descriptor, buffers: read(descriptor, [buffers[0][:1]]))
    data = reply('["a","int8","C",true,30000000]', buffers=bytes(30_000_000))
    started = time.monotonic()
    with played_by(lambda send: send(data)) as host, pytest.raises(SubmissionStopped, match="did not end"):
        Solution(host, ("f",)).f(1)
    assert time.monotonic() - started < WALL + PATIENCE


def test_a_stream_is_not_drained_by_pulls_that_nobody_reads() -> None:
    stream = Stream(itertools.repeat(0))
    with played_by(lambda send: forever(send, PULL)) as host, pytest.raises(SubmissionStopped):
        Solution(host, ("f",)).f(stream)
    # What fits into the pipe, and no more.
    assert stream.taken < 100_000


@pytest.mark.parametrize(
    "content",
    [
        "1",
        '"line 1"',
        "null",
        '["l",["t","line 1",1]]',
        '["d",1,1]',
        '["d","line 1",-1]',
        '["d","line 1",1.0]',
        '["d","line 1",true]',
        '["d","line 1",["l"]]',
        '["d","line 1",["n","int64","0100000000000000"]]',
        f'["d","line 1",{10**400}]',
        '["r","object",1,"dict"]',
    ],
)
def test_forged_counts_stop_the_submission(content: str) -> None:
    with played_by(numbered(content)) as host:
        solution: Any = Solution(host, ("f",))
        with pytest.raises(SubmissionStopped, match="where the count of its work belongs"):
            assert_vectorized(solution, "f", lambda size: (size,))


def test_counts_of_oddly_named_places_are_added_up() -> None:
    long = "x" * 5000
    content = f'["d","line 1",1,"a\\u001b[31mb.py:3",2,"ab.py:3",3,"{long}1:7",4,"{long}2:7",5]'
    with played_by(numbered(content)) as host:
        counts = Solution(host, ("f",)).count_events("f")
    assert counts["line 1"] == 1
    assert counts["ab.py:3"] == 5
    assert sum(counts.values()) == 15
    assert max(map(len, counts)) <= 100


@pytest.mark.parametrize(
    ("content", "ask", "expected"),
    [
        *[(content, len, "a length") for content in ("-1", "1.0", "true", '"3"', "null", str(2**63), str(10**400))],
        *[(content, iter, "an iterator") for content in ("1", "null", '["l",1]', '["a","int8","C",true,0]')],
    ],
)
def test_what_python_would_never_answer_stops_the_submission(
    content: str, ask: Callable[[Any], Any], expected: str
) -> None:
    with played_by(numbered(content)) as host, pytest.raises(SubmissionStopped, match=f"where {expected} belongs"):
        ask(Handle(host, 1, 0, "Model"))


def test_the_end_of_an_iterator_is_the_end_of_that_alone() -> None:
    def ends(send: Callable[[bytes], None]) -> None:
        for number in range(1, 4):
            send(frame_of(f'["t",{number},"end",null]'.encode()))
            time.sleep(0.05)

    with played_by(ends) as host:
        handle = Handle(host, 1, 0, "Model")
        assert next(handle, None) is None
        for ask in (Solution(host, ("f",)).f, handle):
            time.sleep(0.05)
            with pytest.raises(SubmissionRaised, match="there is no further value"):
                ask()


@pytest.mark.parametrize("number", ["-1", str(2**63), str(10**4000), "1.0", "true"])
def test_the_number_of_an_object_can_be_sent_back(number: str) -> None:
    with (
        played_by(numbered(f'["r","object",{number},"Model"]')) as host,
        pytest.raises(SubmissionStopped, match="broke the channel"),
    ):
        Solution(host, ("f",)).f()


def test_titles_are_short_and_plain() -> None:
    label = "\\u001b[31mModel\\n\\u202e" + "x" * 5000
    with played_by(numbered(f'["r","object",1,"{label}"]')) as host:
        handle = Solution(host, ("f",)).f()
        assert repr(handle).startswith("<Model x")
        for _ in range(30):
            handle = handle.next
        assert repr(handle).endswith("next.next of the solution>")
        assert len(repr(handle)) < MAX_TITLE + 20
        assert len(repr(method(handle, "f" * 1000))) < MAX_TITLE + 20


def test_any_number_of_objects_can_be_given_up() -> None:
    puppets = Puppets()
    host = puppets.host()
    host._parse(reply(joined(f'["r","object",{number},""]' for number in itertools.count())))
    frames = []
    while host._dropped:
        frames.append(b"".join(host._frame(1, "len", ())))
    assert len(frames) == 5
    assert max(map(len, frames)) < 2**17
    assert host._frame(1, "len", ()) == host._frame(1, "len", ())
    host.close()
    os.close(puppets.replies)
    puppets.leave()


def said(kind: str, content: Any) -> str:
    text = str(verdict(kind, content, Call("f"), "kata"))
    assert "\x1b" not in text
    assert len(text) < MAX_TEXT + 3 * MAX_LINE
    return text


LONG = "\x1b[31m" + "x" * 100_000
NAMED = (f"E\n{LONG}", "ValueError", "Exception")


def test_texts_are_cut_and_plain() -> None:
    for kind in ("signature", "unsendable"):
        assert said(kind, LONG).count("x") < MAX_TEXT
    assert said("import_banned", (LONG, 3)).count("x") < MAX_NAME
    assert said("raised", (NAMED, LONG, ((1, LONG, LONG),))).count("x") < MAX_TEXT + MAX_LINE + 2 * MAX_NAME
    assert said("missing", (LONG, "ff\x1b[31m")) == "`f` is not defined in the solution"
    assert "\n" not in said("raised", (("a\nb",), "text", ((1, "c\nd", "e\tf\n"),)))
    assert said("raised", (("",), "", ())) == "(a class without a name)"


def test_what_an_exception_carries_is_cut() -> None:
    frames = tuple((number, LONG, LONG) for number in range(100_000))
    error = verdict("raised", (NAMED + ("ValueError",) * 100_000, LONG, frames), CALL, "kata")
    assert isinstance(error, ValueError)
    assert isinstance(error, SubmissionRaised)
    assert len(error.frames) == MAX_FRAMES
    assert error.frames[-1][0] == 99_999
    assert max(len(text) for _, *texts in error.frames for text in texts) <= MAX_LINE
    assert len(error.mro) == 100
    assert max(map(len, error.mro)) <= MAX_NAME
    assert len(error.text) <= MAX_TEXT


@pytest.mark.parametrize("number", [-1, 0, 10**4000, True])
def test_lines_are_numbers_of_lines(number: int) -> None:
    assert said("import_banned", ("x", number)).startswith("kata.py, line 0:")
    assert "(line 0, in f)" in said("raised", (("E",), "", ((min(number, 0) or 2**20, "f", ""),)))


def test_names_of_functions_do_not_take_time() -> None:
    call = Call("a_function_with_a_long_name")
    defined = tuple(f"a_function_with_a_name_{number}" for number in range(200_000))
    started = time.process_time()
    error = verdict("missing", defined, call, "kata")
    spent = time.process_time() - started
    assert isinstance(error, NotStarted)
    assert spent < yardstick()


@pytest.mark.parametrize("kind", ["end", "signature", "raised", "missing", "unsendable", "answer changed"])
def test_a_load_may_be_answered_with_anything(kind: str) -> None:
    content = {"raised": '["t",["t","E"],"",["t"]]', "missing": '["t"]'}.get(kind, '"text"')
    content = "null" if kind in {"end", "answer changed"} else content
    puppets = Puppets()
    host = Host(puppets, "", name="kata")
    os.write(puppets.replies, frame_of(f'["t",1,"{kind}",{content}]'.encode()))
    for _ in range(2):
        with pytest.raises(SubmissionStopped) as stopped:
            Solution(host, ("f",)).f()
        assert isinstance(stopped.value, SubmissionUnloadable | NotStarted)
    os.close(puppets.replies)
    puppets.leave()


def test_what_was_refused_is_not_kept_with_the_error() -> None:
    def held(error: BaseException | None) -> int:
        """Return the size of what the frames of an error and of those behind it hold on to."""
        size = 0
        while error is not None:
            for frame, _ in traceback.walk_tb(error.__traceback__):
                size += sum(len(value) for value in frame.f_locals.values() if isinstance(value, memoryview | list))
            error = error.__context__
        return size

    data = reply(f'["l",["a","int8","C",true,{10**6}],["?"]]', buffers=bytes(10**6))
    with played_by(lambda send: send(data)) as host, pytest.raises(SubmissionStopped) as stopped:
        Solution(host, ("f",)).f()
    assert held(stopped.value) < 1000
    with pytest.raises(wire.WireError) as refused:
        wire.unpack(memoryview(data), wire.REPLY)
    assert held(refused.value) <= len(data)


def test_keys_that_collide_are_found_in_any_place() -> None:
    keys = ",".join(f'["t",{number * PRIME}]' for number in range(1000))
    for content in (f'["s",{keys}]', f'["l",1,["f",{keys}]]', f'["d",{keys.replace("]", "],1")}]'):
        with played_by(numbered(content)) as host, pytest.raises(SubmissionStopped, match="keys collide"):
            Solution(host, ("f",)).f()
