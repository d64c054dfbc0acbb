"""Checks of what a solution leaves when it dies in the middle, and of what it answers on another day."""

from __future__ import annotations

from pathlib import Path

import pytest
from scaling import Run, write

FILES = {
    "kata.toml": """
        format = 1
        title = "A list on disk"
        round = "ml-coding"
        minutes = 5
        [limits]
        scratch_mb = 1
        [guards]
        may_vary = ["put"]
    """,
    "spec.md": "# A list on disk\n",
    "stub.py": '''
        """Keep a list on disk."""


        def put(folder, words):
            """Write words, a list of str, into the file `words`, which is never seen in part; return their number."""
            raise NotImplementedError


        def half(word):
            """Return 0 or 1: always the same for a word."""
            raise NotImplementedError
    ''',
    "hidden/reference.py": '''
        """The answer."""

        import os
        import zlib


        def put(folder, words):
            with open(f"{folder}/part", "w") as file:
                for word in words:
                    file.write(word)
            os.replace(f"{folder}/part", f"{folder}/words")
            return len(words)


        def half(word):
            return zlib.crc32(word.encode()) % 2


        def length(folder):
            """Is called by a check, and by nobody else."""
            return os.path.getsize(f"{folder}/words") if os.path.exists(f"{folder}/words") else None
    ''',
    "hidden/test_correctness.py": '''
        from pytest_mlkata.checks import points, require

        WORDS = ["one", "two"] * 8


        def whole(reference, folder):
            found = reference.length(folder)
            require(found in (None, 48), f"{found} bytes are seen")


        @points(1)
        def test_put_leaves_nothing_half(solution, reference, scratch):
            """put leaves all or nothing when it is killed"""
            folder = str(scratch)
            steps = solution.count_steps("put", folder, WORDS)
            (scratch / "words").unlink()
            for step in range(1, steps + 1, 5):
                require(solution.call_killed("put", folder, WORDS, step=step), "it was not killed")
                whole(reference, folder)


        @points(1)
        def test_put_writes_nothing_half(solution, reference, scratch):
            """put leaves all or nothing when it is killed in a write"""
            for size in (5, 24, 47):
                require(solution.call_killed("put", str(scratch), WORDS, file_bytes=size), "it was not killed")
                whole(reference, str(scratch))


        @points(1)
        def test_put_is_seen_whole(solution, reference, scratch):
            """put is never seen in the middle"""
            seen = []
            steps = solution.count_steps("put", str(scratch), WORDS)

            def look():
                seen.append(whole(reference, str(scratch)))

            places = range(1, steps + 1, 7)
            require(solution.call_watched("put", str(scratch), WORDS, places=places, look=look) == 16, "not all")
            require(len(seen) == len(places), "nobody looked")


        @points(1)
        def test_half_is_the_same_elsewhere(solution):
            """half answers the same on another day"""
            for word in "abcdefgh":
                require(solution.half(word) == solution.call_elsewhere("half", word), f"another half for {word}")
    ''',
}
RIGHT = FILES["hidden/reference.py"].partition("def length")[0]
AT_ONCE = RIGHT.replace("/part", "/words").replace('os.replace(f"{folder}/words", f"{folder}/words")', "pass")


@pytest.fixture
def listing(project: Path) -> Path:
    for name, text in FILES.items():
        write(project / "katas" / "listing" / name, text)
    return project / "solutions" / "listing.py"


@pytest.mark.parametrize("isolation", ["none", "process", "confined"])
def test_a_solution_that_survives(listing: Path, run: Run, isolation: str) -> None:
    write(listing, RIGHT)
    assert run(f"--kata-isolation={isolation}", kata="listing").card["earned"] == 4


def test_one_that_leaves_a_half(listing: Path, run: Run) -> None:
    write(listing, AT_ONCE)
    found = {check["id"].partition("::")[2]: check for check in run(kata="listing").card["checks"]}
    assert {name: check["earned"] for name, check in found.items()} == {
        "test_put_leaves_nothing_half": 0,
        "test_put_writes_nothing_half": 0,
        "test_put_is_seen_whole": 0,
        "test_half_is_the_same_elsewhere": 1,
    }
    assert "bytes are seen" in found["test_put_writes_nothing_half"]["message"]


def test_one_that_relies_on_hashes(listing: Path, run: Run) -> None:
    write(listing, RIGHT.replace("zlib.crc32(word.encode())", "hash(word)"))
    (failed,) = (check for check in run(kata="listing").card["checks"] if check["status"] != "passed")
    assert failed["message"].startswith("another half for ")


def test_one_that_does_not_load(listing: Path, run: Run) -> None:
    write(listing, "import no_such_module\n")
    outcome = run(kata="listing")
    assert outcome.card["earned"] == 0
    assert {check["status"] for check in outcome.card["checks"]} == {"error"}
