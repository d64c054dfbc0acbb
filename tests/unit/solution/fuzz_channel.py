"""Looks for bytes of a worker that the judge does not stand, guided by coverage.

    pip install atheris
    python tests/unit/solution/fuzz_channel.py -max_total_time=600 -timeout=1 -rss_limit_mb=512 -max_len=4096 CORPUS

CORPUS is a folder, which keeps what reaches something new; it is filled with valid replies first. What is found is left
in the current folder as a file, which the same command with its name instead of CORPUS shows again.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["pytest_mlkata.solution"]):
    from hostile import CALL, Puppets, frame_of
    from oracle import agrees
    from test_hostile_frames import VALID

    from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionStopped
    from pytest_mlkata.solution import wire
    from pytest_mlkata.solution.host import Host
    from pytest_mlkata.solution.output import plain
    from pytest_mlkata.solution.values import DTYPES, REPLY
    from pytest_mlkata.solution.verdict import MalformedReplyError, verdict

TAGS = "ltdsfauncry"
KINDS = ("value", "raised", "missing", "signature", "unsendable", "import_banned", "argument changed", "end", "pull")
ODD: tuple[Any, ...] = (
    *(None, True, 0, 1, -1, 3, 2**40, 2**63, 2**61 - 1, 1.5, [], ["l"], {}),
    *("", "C", "F", "S", "float64", "bool", "ff", "object", "\ud800"),
)
UNEXPECTED = ("MemoryError", "AttributeError", "AssertionError", "SystemError", "Warning")
HOST = Host(Puppets(), "", name="kata")


def frame(data: bytes) -> bytes:
    """Return a frame whose sizes are right, or, of one input in 256, the bytes as they are.

    An input is the number of blocks of buffers, the buffers and the header.
    """
    if not data or data[0] == 255:
        return data[1:]
    end = 1 + 16 * data[0]
    return frame_of(data[end:], data[1:end])


def parts(whole: bytes) -> bytes:
    """Return the input that stands for a valid frame."""
    _, header, buffers = wire.PREFIX.unpack_from(whole)
    return bytes([buffers // 16]) + whole[16 + header :] + whole[16 : 16 + header].rstrip()


def look(data: bytes) -> None:
    """Have the judge read a reply; what it may not do is raised."""
    whole = frame(data)
    HOST._dropped.clear()
    try:
        _, kind, content = HOST._parse(whole)
        if kind == "value":
            tree = json.loads(whole[16 : 16 + wire.PREFIX.unpack_from(whole)[1]])
            assert agrees(tree[3], content), (tree, content)
        elif kind != "pull":
            error = verdict(kind, content, CALL, "kata")
            assert isinstance(error, SubmissionRaised | SubmissionStopped | CheckFailed)
            assert plain(str(error)) == str(error) != ""
    except (wire.WireError, MalformedReplyError) as error:
        text = str(error)
        # The others are how json, NumPy and Python refuse what is malformed.
        assert not any(name in text for name in UNEXPECTED), text


def nodes_of(tree: Any) -> Iterator[list[Any]]:
    """Return all lists of a tree that have items."""
    if type(tree) is list and tree:
        yield tree
        for each in tree:
            yield from nodes_of(each)


def mutate(data: bytes, most: int, seed: int) -> bytes:
    """Return another input: half of the time one whose header is changed as a tree, not as bytes."""
    chance = random.Random(seed)
    end = 1 + 16 * data[0] if data else 1
    try:
        tree = json.loads(data[end:])
        nodes = list(nodes_of(tree))
    except (ValueError, RecursionError):
        nodes = []
    if not nodes or chance.random() < 0.5:
        return bytes(atheris.Mutate(data, most))
    for _ in range(chance.randrange(1, 4)):
        node, other = chance.choice(nodes), chance.choice(nodes)
        place = chance.randrange(len(node) + 1)
        new = json.dumps(chance.choice([chance.choice(ODD), other, [chance.choice(TAGS), *other[1:3]]]))
        node[place : place + chance.randrange(2)] = [json.loads(new) for _ in range(chance.choice([0, 1, 1, 2, 6]))]
    changed = data[:end] + json.dumps(tree, separators=(",", ":")).encode()
    return changed if len(changed) <= most else data


def main() -> None:
    """Fill the corpus and the dictionary and begin."""
    folders = [Path(argument) for argument in sys.argv[1:] if Path(argument).is_dir()]
    for folder in folders[:1]:
        for number, value in enumerate(VALID):
            folder.joinpath(f"valid-{number}").write_bytes(parts(b"".join(wire.pack(value, REPLY))))
    words = [*(f'["{tag}",' for tag in TAGS), *(f'"{word}"' for word in (*KINDS, *DTYPES)), "true,", "null", "\\ud800"]
    with tempfile.NamedTemporaryFile("w", suffix=".dict", encoding="ascii") as dictionary:
        for word in words:
            dictionary.write(f"{json.dumps(word)}\n")
        dictionary.flush()
        atheris.Setup([*sys.argv, f"-dict={dictionary.name}"], look, custom_mutator=mutate)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
