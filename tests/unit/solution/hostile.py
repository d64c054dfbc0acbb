"""The worst that a worker can send, each case as much of it as the caps allow; and a judge that reads one.

As a script it is a judge that nothing has run in before: for each file that its standard input names, which holds a
frame, it prints the processor time that the frame took, as a multiple of that of a fixed amount of work; the memory;
and what came of it.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import numpy as np

from pytest_mlkata.errors import SubmissionRaised, SubmissionStopped
from pytest_mlkata.model import Limits
from pytest_mlkata.solution import wire
from pytest_mlkata.solution.confine import Confinement
from pytest_mlkata.solution.describe import Call
from pytest_mlkata.solution.host import Host, _Worker
from pytest_mlkata.solution.launcher import Process, Zygote
from pytest_mlkata.solution.output import Output
from pytest_mlkata.solution.values import REPLY

CALL: Final = Call("f", (1,))
UNCONFINED: Final = Confinement()
PRIME: Final = 2**61 - 1
"""Integers that differ by it have one hash."""

ROOM: Final = 200
"""Bytes and values of a frame that cases leave to what is around them."""

FULL: Final = REPLY.buffers


def frame_of(header: bytes, buffers: bytes = b"") -> bytes:
    """Return a frame whose sizes are right, whatever else is not."""
    header += b" " * (-len(header) % 16)
    buffers += bytes(-len(buffers) % 16)
    return wire.PREFIX.pack(b"kata", len(header), len(buffers)) + header + buffers


def reply(content: str, kind: str = "value", buffers: bytes = b"") -> bytes:
    """Return the frame of a reply with this content."""
    return frame_of(f'["t",1,"{kind}",{content}]'.encode(), buffers)


def fitting(items: Iterable[str]) -> list[str]:
    """Return as many of the items as a reply has room for."""
    fit = []
    size, values = ROOM, ROOM
    for item in items:
        size += len(item) + 1
        values += 1 + sum(map(item.count, ",[{:"))
        if size > REPLY.header or values > REPLY.values:
            break
        fit.append(item)
    return fit


def joined(items: Iterable[str], tag: str = "l") -> str:
    """Return a list, or what else the tag says, of as many of the items as a reply has room for."""
    return f'["{tag}",{",".join(fitting(items))}]'


def times(item: str, most: int = 2**62) -> str:
    """Return a list with one item as often as a reply has room for it."""
    by_size = (REPLY.header - ROOM) // (len(item) + 1)
    by_values = (REPLY.values - ROOM) // (1 + sum(map(item.count, ",[{:")))
    return f'["l"{f",{item}" * min(by_size, by_values, most)}]'


def text(unit: str, start: str = "") -> str:
    """Return a string that fills the header."""
    return f'"{start}{unit * ((REPLY.header - ROOM) // len(unit))}"'


def arrays(item: str, size: int) -> bytes:
    """Return many arrays of so many bytes, as far as there is room for them."""
    padded = size + -size % 16
    content = times(item, most=FULL // padded if padded else 2**62)
    return reply(content, buffers=bytes(content.count('"a"') * padded))


def beside_an_array(content: str) -> bytes:
    """Return the content beside an array that takes all room for arrays."""
    return reply(f'["l",["a","float64","C",true,{FULL // 8}],{content}]', buffers=bytes(FULL))


def scalar(number: complex) -> str:
    """Return a complex number as NumPy's, which is slow to compare."""
    return f'["n","complex128","{np.complex128(number).tobytes().hex()}"]'


def colliding(make: Callable[[int], str], group: int, tag: str = "s") -> bytes:
    """Return a set of keys in groups of so many with one hash; a key is made of two numbers, of which one counts."""
    numbers = range(1, REPLY.keys + 1)
    return reply(joined((make(number // group + number % group * PRIME) for number in numbers), tag))


ASTRAL: Final = "\\ud83d\\ude00"
LONE: Final = "\\ud800"
CONTROL: Final = "\\u001b"
QUOTED: Final = '"g"'
FRAME: Final = '["t",1,"g","h"]'

WORST: Final[dict[str, Callable[[], bytes]]] = {
    # Arrays
    "an array": lambda: beside_an_array("1"),
    "an array by columns": lambda: arrays(f'["a","float64","F",true,2,{FULL // 16}]', FULL),
    "an array with gaps": lambda: arrays(f'["a","float64","S",true,{FULL // 8}]', FULL),
    "an array of bools": lambda: arrays(f'["a","bool","C",true,{FULL}]', FULL),
    "arrays below a page": lambda: arrays('["a","uint8","S",true,1024]', 1024),
    "tiny arrays": lambda: arrays('["a","bool","C",true]', 1),
    "arrays of no size": lambda: arrays('["a","bool","C",true,0]', 0),
    "arrays of many dimensions": lambda: arrays(f'["a","bool","C",true{",1" * 32}]', 1),
    "an array and texts": lambda: beside_an_array(times(f'"{LONE}"')),
    "an array and sets": lambda: beside_an_array(times('["s"]')),
    "an array and a long text": lambda: beside_an_array(text("a", ASTRAL + LONE)),
    "an array and a text array": lambda: beside_an_array(f'["u",true,{FULL // 4},1,1,"a"]'),
    # Arrays of strings
    "a wide text array": lambda: reply(f'["u",true,{FULL // 4},1,1,"a"]'),
    "wide text arrays": lambda: reply(times(f'["u",true,{FULL // 8},1,1,"a"]')),
    "wide text arrays of no size": lambda: reply(times(f'["u",true,{FULL // 8},1,0]')),
    "a text array of one long text": lambda: reply(f'["u",true,1,1,1,{text("a", ASTRAL)}]'),
    "a text that makes others wide": lambda: reply('["u",true,1,1,100001,"' + "a" * 300 + '"' + ',""' * 100_000 + "]"),
    "a text array of many": lambda: reply('["u",true,32,1,200000' + f',"{LONE}"' * 200_000 + "]"),
    "tiny text arrays": lambda: reply(times('["u",true,1,0,"a"]')),
    # Strings
    "a text with a surrogate": lambda: reply(text("a", ASTRAL + LONE)),
    "a text of surrogates": lambda: reply(text(LONE)),
    "a text of escapes": lambda: reply(text("\\n")),
    "a text of commas": lambda: reply(text(",")),
    "short texts": lambda: reply(times('"ab"')),
    "short texts that are not ASCII": lambda: reply(times('"\\u0100"')),
    "bytes": lambda: reply(f'["y",{text("ff")}]'),
    "many bytes": lambda: reply(times('["y","ff"]')),
    # Containers
    "lists": lambda: reply(times('["l"]')),
    "frozensets": lambda: reply(times('["f"]')),
    "sets of one": lambda: reply(times('["s",1]', REPLY.keys)),
    "dicts of one": lambda: reply(times('["d",1,1]', REPLY.keys)),
    "deep": lambda: reply(times('["t",' * 60 + "1" + "]" * 60)),
    "deeper than Python": lambda: reply("[" * 240_000),
    "an object of JSON": lambda: reply("{" + joined(f'"{number:x}":1' for number in itertools.count())[5:-1] + "}"),
    "objects of JSON": lambda: reply(times("{}")),
    "too many values": lambda: reply("[" + "[]," * 1_000_000 + "1]"),
    # Numbers
    "integers": lambda: reply(times("9999999999999999")),
    "long integers": lambda: reply(times("9" * 4000)),
    "floats": lambda: reply(times("1e9")),
    "subnormal floats": lambda: reply(times("2.2250738585072011e-308")),
    "a long float": lambda: reply("0." + "1" * (REPLY.header - ROOM)),
    "scalars": lambda: reply(times('["n","int8","01"]')),
    "complex scalars": lambda: reply(times(scalar(1))),
    "references": lambda: reply(times('["r","object",1,"x"]')),
    "references with long labels": lambda: reply(times(f'["r","object",1,"{"x" * 400}"]')),
    # Keys
    "a dict": lambda: reply(f'["d",{",".join(f"{number},1" for number in range(REPLY.keys))}]'),
    "too many keys": lambda: reply(joined((f"{number},1" for number in itertools.count()), "d")),
    "equal keys": lambda: reply(f'["s"{",1" * REPLY.keys}]'),
    "all keys collide": lambda: colliding(str, REPLY.keys),
    "pairs collide": lambda: colliding(str, 2),
    "tuples collide": lambda: colliding(lambda number: f'["t",{number}]', 2),
    "frozensets collide": lambda: colliding(lambda number: f'["f",{number}]', 2),
    "the low bits collide": lambda: reply(joined((str(number << 40) for number in range(REPLY.keys)), "s")),
    "long tuples collide": lambda: reply(joined((f'["t",{"1.5," * 800}{n * PRIME}]' for n in range(300)), "s")),
    "small sets collide": lambda: reply(
        times('["s",' + ",".join(str(number * PRIME) for number in range(50)) + "]", REPLY.keys // 50)
    ),
    "few and longer tuples collide": lambda: reply(
        times('["s",' + ",".join(f'["t",{"1.5," * 2000}{number * PRIME}]' for number in range(4)) + "]")
    ),
    "scalars collide": lambda: reply(joined((scalar(n % 15 * (1j - 1000003) + n // 15) for n in range(40_000)), "s")),
    # Replies that are no values
    "a long message": lambda: reply(f'["t",["t","E"],{text(CONTROL, "a")},["t"]]', "raised"),
    "many classes": lambda: reply(f'["t",{joined(itertools.repeat(QUOTED), "t")},"",["t"]]', "raised"),
    "many frames": lambda: reply(f'["t",["t","E"],"",{joined(itertools.repeat(FRAME), "t")}]', "raised"),
    "many names": lambda: reply(joined(itertools.repeat(QUOTED), "t"), "missing"),
    "a long kind": lambda: frame_of(f'["t",1,{text("a")},1]'.encode()),
}


class Puppets(Zygote):
    """Gives workers that are nothing but pipes, whose other ends a test holds."""

    def __init__(self) -> None:
        (self.requests, requests), (replies, self.replies), (output, self.output) = (os.pipe() for _ in range(3))
        # There is no process, so it has a number that none has.
        self.process = Process(2**22 + 1, 0, requests, replies, output)

    def fork(self, how: Confinement = UNCONFINED) -> Process:
        """Return the judge's ends of the pipes."""
        del how
        for descriptor in (self.process.requests, self.process.replies, self.process.output):
            os.set_blocking(descriptor, False)
        return self.process

    def wait(self, process: Process, seconds: float) -> int:
        """Say that it ended well."""
        del process, seconds
        return 0

    def kill(self, process: Process) -> None:
        """Do nothing: the judge has closed its ends."""
        del process

    def host(self, call_seconds: float = 60) -> Host:
        """Return a judge whose worker has loaded the submission: its next reply is that to request 1."""
        made = Host(self, "", name="kata", limits=Limits(call_seconds=call_seconds))
        made._worker = _Worker(self, UNCONFINED, Output())
        return made

    def send(self, data: bytes) -> None:
        """Write all of this, however little a pipe takes at a time.

        Raises
        ------
        BrokenPipeError
            The judge has closed its end.
        """
        while data:
            data = data[os.write(self.replies, data) :]

    def leave(self) -> None:
        """Close the worker's ends, but that of replies, which belongs to who writes there."""
        os.close(self.requests)
        os.close(self.output)


def judge(path: str) -> str:
    """Read the reply in a file and return what came of it, in a few characters."""
    puppets = Puppets()
    with Path(path).open("rb") as file:
        os.dup2(file.fileno(), puppets.process.replies)
    try:
        value = puppets.host().request("call", "f", (1,), {}, call=CALL)
    except (SubmissionRaised, SubmissionStopped) as error:
        return str(error)
    return type(value).__name__


def forget_peak() -> int:
    """Have the peak of the memory of this process start anew, and return how much it has now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak()


def peak() -> int:
    """Return the most memory that this process has had since `forget_peak`, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def yardstick() -> float:
    """Return the processor time of a fixed amount of work like that of a judge, in seconds: some 0.1."""
    started = time.process_time()
    kept = {(number, str(number)): [number] for number in range(100_000)}
    assert len(kept) == 100_000
    return time.process_time() - started


def report(path: str) -> None:
    """Judge the frame in a file and print what it took."""
    before, started = forget_peak(), time.process_time()
    said = judge(path)
    seconds = time.process_time() - started
    megabytes = (peak() - before) / 1e6
    sys.stdout.write(f"{seconds / yardstick():.3f} {megabytes:.1f} {said.splitlines()[0][:200]}\n")
    sys.stdout.flush()


def main() -> None:
    """Judge each file in a process of its own, or the memory of one would serve the next."""
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            report(line.strip())
            os._exit(0)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
