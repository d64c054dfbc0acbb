"""Whatever a worker sends: the judge gets a value of the shape that was said, or stops the submission; soon, and small.

What comes from a worker is written into a pipe by the test, so that no byte of it is beyond a hostile submission.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hostile
import numpy as np
import pytest
from hostile import CALL, PRIME, Puppets, frame_of, reply
from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle import agrees

from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionStopped
from pytest_mlkata.solution import wire
from pytest_mlkata.solution.output import plain
from pytest_mlkata.solution.values import DTYPES, REPLY, REQUEST
from pytest_mlkata.solution.verdict import verdict

WORK = 12.0
"""How much of the fixed amount of work, some 0.1 s, a frame may cost."""

TRIES = 5
"""How often a frame is judged at most: the least is what it costs, the rest is other work on the machine."""

SECONDS = 2.0
"""More processor time than any small frame takes, many times over."""

MEGABYTES = 100.0
PIPE = 65536
"""What fits in a pipe at once."""

REFUSED = {
    "an array and a text array": "arrays are too large",
    "wide text arrays": "arrays are too large",
    "wide text arrays of no size": "arrays are too large",
    "a text that makes others wide": "arrays are too large",
    "a text of commas": "a header has too many values",
    "too many values": "a header has too many values",
    "deeper than Python": "a frame is malformed",
    "an object of JSON": "a header is malformed",
    "objects of JSON": "a header is malformed",
    "too many keys": "too many keys",
    "frozensets collide": "too many keys",
    "equal keys": "keys collide",
    "all keys collide": "keys collide",
    "tuples collide": "keys collide",
    "long tuples collide": "keys collide",
    "small sets collide": "keys collide",
    "scalars collide": "keys collide",
    "a long kind": "no reply of kind",
}
"""Of the worst cases those that are no replies, and why."""

FUZZ = settings(max_examples=400, deadline=None, database=None)


@pytest.fixture(scope="module")
def fresh_judge() -> Iterator[Callable[[Path], tuple[float, float, str]]]:
    command = [sys.executable, hostile.__file__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:

        def judge(path: Path) -> tuple[float, float, str]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{path}\n")
            work, megabytes, said = process.stdout.readline().rstrip().split(" ", 2)
            return float(work), float(megabytes), said

        yield judge
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process's memory")
@pytest.mark.parametrize("name", hostile.WORST)
def test_the_worst_takes_little_time_and_memory(
    name: str, tmp_path: Path, fresh_judge: Callable[[Path], tuple[float, float, str]]
) -> None:
    path = tmp_path / "frame"
    path.write_bytes(hostile.WORST[name]())
    for _ in range(TRIES):
        work, megabytes, said = fresh_judge(path)
        if work < WORK:
            break
    path.unlink()
    assert work < WORK
    assert megabytes < MEGABYTES
    assert ("broke the channel" in said) is (name in REFUSED)
    assert REFUSED.get(name, "") in said


@pytest.mark.parametrize(
    "name", ["an array and sets", "an array and a long text", "wide text arrays", "all keys collide", "a dict", "deep"]
)
def test_the_worst_is_as_large_as_the_caps_allow(name: str) -> None:
    # Else the cases would say nothing of what a worker can do.
    frame = hostile.WORST[name]()
    _, header, buffers = wire.PREFIX.unpack_from(frame)
    text = frame[16 : 16 + header].decode()
    values = sum(map(text.count, ",[{:"))
    assert (
        header > 0.99 * REPLY.header
        or buffers == REPLY.buffers
        or values > 0.99 * REPLY.values
        or text.count(",") >= REPLY.keys
    )


def outcome(data: bytes) -> tuple[str, Any]:
    """Have a worker say this and end; return the kind and content of the reply, or what stopped it."""
    puppets = Puppets()
    host = puppets.host()
    worker = host._worker
    assert worker is not None

    def say() -> None:
        # The judge reads no more once it has stopped the submission.
        with contextlib.suppress(BrokenPipeError):
            puppets.send(data)
        os.close(puppets.replies)

    # Beside the judge: a frame may be longer than what a pipe holds.
    saying = threading.Thread(target=say)
    saying.start()
    try:
        return host._exchange(worker, "call", ("f", (1,), {}), CALL, 5)
    except SubmissionStopped as stop:
        assert host._worker is None
        return "", str(stop)
    finally:
        host.close()
        saying.join()
        puppets.leave()


def hold(data: bytes) -> str:
    """Require of whatever a worker says what this file promises; return the kind of the reply, if it was one."""
    started = time.process_time()
    kind, content = outcome(data)
    if kind == "value":
        header = data[16 : 16 + wire.PREFIX.unpack_from(data)[1]]
        assert agrees(json.loads(header)[3], content)
    elif kind:
        error = verdict(kind, content, CALL, "kata")
        assert isinstance(error, SubmissionRaised | SubmissionStopped | CheckFailed)
        assert len(str(error)) < 5000
        assert plain(str(error)) == str(error)
        assert str(error).encode()
    assert time.process_time() - started < SECONDS
    return kind


names = st.sampled_from([*DTYPES, "object", "<f8", "V8", "U4", "", None, 1])
layouts = st.sampled_from(["C", "F", "S", "K", None, 1])
flags = st.sampled_from([True, True, False, 1, None, "C"])
lengths = st.sampled_from([0, 1, 2, 3, 4, 16, 1000, -1, 2**22, 2**31, 2**40, 2**63, 10**30, True, 1.0, "2", None])
shapes = st.lists(st.sampled_from([0, 1, 2, 3]), max_size=4) | st.lists(lengths, max_size=4)
texts = (
    st.text(max_size=5)
    | st.just("x").map(lambda text: text * 3000)
    | st.sampled_from(["\ud800", "\ud83d\ude00\udfff", "\x1b[31m", "a\nb", "\u202e"])
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, 2, PRIME, -PRIME, 2 * PRIME, 2**63])
    | st.sampled_from([4000, 4001]).map(lambda digits: 10**digits)
    | st.floats()
    | texts
)
digits = st.sampled_from(["", "00", "01", "02", "ff" * 8, "00" * 16, "f", "zz", "0 1", 1, None])
nodes = (
    st.builds(lambda *parts: ["a", *parts[:3], *parts[3]], names, layouts, flags, shapes)
    | st.builds(
        lambda flag, width, shape, items: ["u", flag, width, len(shape), *shape, *items],
        flags,
        lengths,
        shapes,
        st.lists(texts, max_size=6),
    )
    | st.builds(lambda flag, items: ["u", flag, 2, 1, len(items), *items], flags, st.lists(texts, max_size=6))
    | st.builds(lambda name, raw: ["n", name, raw], names, digits)
    | st.sampled_from(sorted(DTYPES)).map(lambda name: ["n", name, "01" * DTYPES[name].itemsize])
    | st.builds(lambda *parts: ["c", *parts], st.floats() | leaves, st.floats() | leaves)
    | st.builds(lambda raw: ["y", raw], digits)
    | st.builds(lambda *parts: ["r", *parts], st.sampled_from(["object", "stream", "x"]), leaves, texts)
)
trees = st.recursive(
    leaves | nodes,
    lambda inner: st.builds(
        lambda tag, items: [tag, *items],
        st.sampled_from([*"llttssffddaunycr", "?", None, 1]),
        st.lists(inner, max_size=5),
    ),
    max_leaves=25,
)
sound_leaves = (
    leaves
    | st.builds(lambda *parts: ["a", *parts[:3], *parts[3]], st.sampled_from(sorted(DTYPES)), layouts, flags, shapes)
    | st.builds(lambda items: ["u", True, 2, 1, len(items), *items], st.lists(texts, max_size=6))
    | st.sampled_from(sorted(DTYPES)).map(lambda name: ["n", name, "01" * DTYPES[name].itemsize])
    | st.builds(lambda *parts: ["c", *parts], st.floats(), st.floats())
    | st.binary(max_size=4).map(lambda raw: ["y", raw.hex()])
    | st.integers(0, 2**63 - 1).map(lambda number: ["r", "object", number, "Model"])
)
sound_trees = st.recursive(
    sound_leaves,
    lambda inner: (
        st.builds(lambda tag, items: [tag, *items], st.sampled_from("lt"), st.lists(inner, max_size=5))
        | st.builds(lambda tag, items: [tag, *items], st.sampled_from("sf"), st.lists(leaves, max_size=5))
        | st.lists(st.tuples(leaves, inner), max_size=3).map(lambda pairs: ["d", *itertools.chain(*pairs)])
    ),
    max_leaves=10,
)
words = texts | st.sampled_from(["ValueError", "E", "Exception", "eval", "f", "ff"])
frames = st.tuples(st.just("t"), st.integers(), words, words).map(list)
answers = st.one_of(
    st.tuples(st.just("raised"), st.tuples(st.lists(words, max_size=4), words, st.lists(frames, max_size=3))).map(
        lambda parts: ("raised", ["t", ["t", *parts[1][0]], parts[1][1], ["t", *parts[1][2]]])
    ),
    st.tuples(st.just("missing"), st.lists(words | leaves).map(lambda names: ["t", *names])),
    st.tuples(st.sampled_from(["signature", "unsendable"]), words),
    st.tuples(st.just("import_banned"), st.tuples(st.just("t"), words, st.integers()).map(list)),
    st.tuples(st.just("argument changed"), words | st.integers()),
    st.tuples(st.sampled_from(["answer changed", "counter removed", "end", "pull"]), leaves),
    st.tuples(words, trees),
)


def demand(tree: Any) -> int:
    """Return how many bytes the arrays of a tree ask for, as far as that is not absurd."""
    match tree:
        case ["a", str() as name, _, _, *shape]:
            if name not in DTYPES or not all(type(length) is int and 0 <= length < 100 for length in shape):
                return 0
            size: int = math.prod(shape) * DTYPES[name].itemsize
            return size + -size % 16
        case list():
            return sum(map(demand, tree))
    return 0


def frame_of_tree(tree: Any, spare: int = 0) -> bytes:
    buffers = b"\x01\x00" * (min(demand(tree) + 16 * spare, PIPE // 2) // 2)
    return frame_of(json.dumps(tree, separators=(",", ":")).encode(), buffers)


@FUZZ
@given(sound_trees | trees | st.tuples(st.just("l"), sound_trees, trees).map(list), st.sampled_from([0, 0, 0, 0, 1]))
def test_values_are_what_they_say(tree: Any, spare: int) -> None:
    event(hold(frame_of_tree(["t", 1, "value", tree], spare)) or "refused")


@FUZZ
@given(answers)
def test_replies_of_any_kind(answer: tuple[Any, Any]) -> None:
    event(hold(frame_of_tree(["t", 1, *answer])) or "refused")


@FUZZ
@given(trees)
def test_what_is_no_reply(tree: Any) -> None:
    hold(frame_of_tree(tree))


VALID: tuple[Any, ...] = (
    (1, "value", {"w": np.arange(6.0).reshape(2, 3), "b": 1.5, "names": np.array(["a", "bc"])}),
    (1, "value", [np.float32(2), 1j, b"ab", {1, 2}, frozenset("a"), (None, True, "é"), 10**30]),
    (1, "value", np.asfortranarray(np.ones((3, 2), dtype=bool))),
    (1, "value", wire.Reference("object", 3, "Model")),
    (1, "raised", (("ValueError", "Exception", "BaseException"), "no", ((3, "f", "return 1"),))),
    (1, "missing", ("f", "g")),
    (1, "signature", "takes 1 argument"),
    (1, "import_banned", ("sklearn", 3)),
    (0, "pull", 1),
)


@pytest.mark.parametrize(
    "content",
    [
        '["a","int8","K",true,16]',
        '["a","int8",["l"],true,16]',
        '["a","int8","C",1,16]',
        '["a","int8","C",null,16]',
        '["a","int8","C",true,17]',
        '["a","int8","C",true,0,33554433]',
        '["l",["a","int8","C",true,16],["a","float64","C",true,0,99999999]]',
        '["l",["a","int8","C",true,16],["u",1,1,1,1,"a"]]',
        '["l",["a","int8","C",true,16],["u",true,-1,1,1,"a"]]',
        '["l",["a","int8","C",true,16],["u",true,1,1,2,"a"]]',
        '["l",["a","int8","C",true,16],["u",true,1,0,"a","b"]]',
        '["l",["a","int8","C",true,16],["u",true,1,1,1,["u",true,1,1,1,"a"]]]',
        '["l",["a","int8","C",true,16],["u",true,1,2,0,99999999]]',
        '["l",["a","int8","C",true,16],["r","stream",1,""]]',
        '["l",["a","int8","C",true,16],["r","x",1,""]]',
        '["l",["a","int8","C",true,16],["y","00","00"]]',
        '["l",["a","int8","C",true,16],["d",1]]',
    ],
)
def test_arrays_and_others_that_are_not_quite_right(content: str) -> None:
    for caps in (REPLY, REQUEST):
        if "stream" not in content:
            with pytest.raises(wire.WireError):
                wire.unpack(reply(content, buffers=bytes(16)), caps)
    assert not hold(reply(content, buffers=bytes(16)))


@pytest.mark.parametrize("value", VALID[:-1], ids=range(len(VALID) - 1))
def test_what_is_valid_is_accepted(value: Any) -> None:
    # Else the examples here would all end before they begin.
    frame = b"".join(wire.pack(value, REPLY))
    assert hold(frame) == value[1]


@FUZZ
@given(
    st.sampled_from(VALID),
    st.lists(
        st.tuples(st.integers(0, 2**16), st.integers(0, 255) | st.sampled_from(b'[]{},:"0159eE-\\ultdsfaunrcy')),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["replace", "insert", "cut"]),
    st.booleans(),
)
def test_replies_with_other_bytes(value: Any, changes: list[tuple[int, int]], how: str, says_its_size: bool) -> None:  # noqa: FBT001
    frame = bytearray(b"".join(wire.pack(value, REPLY)))
    _, size, _ = wire.PREFIX.unpack_from(frame)
    header, buffers = frame[16 : 16 + size], bytes(frame[16 + size :])
    part = header if says_its_size else frame
    for place, byte in changes:
        position = place % len(part)
        part[position : position + (how != "insert")] = b"" if how == "cut" else bytes([byte])
    event(hold(frame_of(bytes(header), buffers) if says_its_size else bytes(frame)) or "refused")


@FUZZ
@given(st.sampled_from([b"", b"kata", frame_of(b"1")[:16], reply("1"), reply("1")[:-3]]), st.binary(max_size=100))
def test_any_bytes(start: bytes, rest: bytes) -> None:
    hold(start + rest)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros(REPLY.buffers // 8 + 1), "its arrays are larger than 32 MB"),
        ([np.zeros(REPLY.buffers // 16), np.zeros(REPLY.buffers // 16 + 1)], "its arrays are larger than 32 MB"),
        (np.zeros(2, dtype=f"U{REPLY.buffers // 8 + 1}"), "its arrays are larger than 32 MB"),
        ([np.zeros(1, dtype=f"U{REPLY.buffers // 8}")] * 3, "its arrays are larger than 32 MB"),
        (np.zeros((0, REPLY.buffers)), "its arrays are larger than 32 MB"),
        ([0] * (REPLY.values + 1), "it has more than 250000 values"),
        ([[]] * (REPLY.values // 2 + 1), "it has more than 250000 values"),
        (dict.fromkeys(range(REPLY.keys + 1)), "its dicts and sets have more than 50000 keys and members"),
        ([set(range(REPLY.keys)), {1}], "its dicts and sets have more than 50000 keys and members"),
        ("a" * REPLY.header, "it is larger than 4 MB without its arrays"),
    ],
    ids=range(10),
)
def test_what_a_worker_cannot_send_says_why(value: object, message: str) -> None:
    with pytest.raises(wire.WireError, match=message):
        wire.pack(value, REPLY)
    wire.pack(value, REQUEST)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(REPLY.buffers // 8),
        np.full(2, "a" * 2**20),
        [0.1] * (REPLY.values - 1),
        dict.fromkeys(range(REPLY.keys)),
        {2.0**exponent for exponent in range(-1000, 1000)},
        {(a, b, c) for a in (-1, -2) for b in (-1, -2) for c in (-1, -2)},
        "a" * (REPLY.header - 32),
        ",[{:" * 100_000,
        '\\",' * 100_000,
    ],
    ids=range(9),
)
def test_what_a_worker_can_send_arrives(value: Any) -> None:
    frame = b"".join(wire.pack(value, REPLY))
    assert len(frame) == wire.frame_size(frame, REPLY)
    back = wire.unpack(frame, REPLY)
    assert np.array_equal(back, value) if isinstance(value, np.ndarray) else back == value


def test_arrays_for_the_judge_are_not_copied_and_have_no_gaps() -> None:
    value = [np.arange(10)[::2], np.asfortranarray(np.ones((3, 4))), np.arange(5.0)]
    frame = bytearray(b"".join(wire.pack(value, REPLY)))
    gaps, by_columns, plain_one = wire.unpack(frame, REPLY)
    assert gaps.flags.c_contiguous
    assert gaps.tolist() == [0, 2, 4, 6, 8]
    assert by_columns.flags.f_contiguous
    assert not any(array.flags.owndata for array in (gaps, by_columns, plain_one))
    assert all(array.flags.writeable for array in (gaps, by_columns, plain_one))
    assert all(array.flags.owndata for array in wire.unpack(bytes(frame), REPLY)[1:])
    assert not wire.unpack(frame, REQUEST)[0].flags.c_contiguous


def test_a_judge_may_send_what_a_worker_may_not() -> None:
    X = np.zeros((200_000, 128))
    (prefix, *_) = pieces = wire.pack(X, REQUEST)
    assert sum(map(len, pieces)) == wire.frame_size(prefix, REQUEST)
    with pytest.raises(wire.WireError, match="too large"):
        wire.frame_size(prefix, REPLY)


def test_more_than_a_pipe_holds_is_judged_too() -> None:
    assert hold(bytes(2**18)) == ""
