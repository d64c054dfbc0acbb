from __future__ import annotations

import errno
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.model import Kata
from pytest_mlkata.session import examples
from pytest_mlkata.session.examples import ExampleStore, Recorder, UnfitError, freeze, thaw


@dataclass(frozen=True, eq=False)
class Problem:
    X: np.ndarray
    inner: object = None


def read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 3, -(10**40), 0.1, -0.0, float("nan"), "text", b"bytes", 1 + 2j, (1, [2, {"three": {4}}])),
        *(np.float32(0.1), np.int8(3), np.bool_(True)),  # noqa: FBT003 (a value)
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.arange(12.0)[::2],
        np.zeros((0, 3), np.float32),
        np.array(3.0),
        np.array(["a", "bc"]),
        read_only(np.arange(3)),
        Problem(np.arange(3.0), Problem(np.arange(2), (1, 2))),
    ],
    ids=repr,
)
def test_what_is_kept_comes_back_as_it_was(value: object) -> None:
    back = thaw(freeze({"x": value, "y": [value, value]}))
    assert list(back) == ["x", "y"]
    assert same(back["x"], value)
    assert same(back["y"][1], value)


def same(value: Any, other: Any) -> bool:
    if isinstance(other, Problem):
        return type(value) is Problem and same(value.X, other.X) and same(value.inner, other.inner)
    if isinstance(other, np.ndarray):
        flags = [(each.flags.c_contiguous, each.flags.f_contiguous, each.flags.writeable) for each in (value, other)]
        return value.dtype == other.dtype and flags[0] == flags[1] and np.array_equal(value, other)
    return type(value) is type(other) and repr(value) == repr(other)


@pytest.mark.parametrize(
    "value",
    [
        np.random.default_rng(0),
        print,
        Problem,
        np.array([1, "a"], dtype=object),
        np.arange(3, dtype=">i4"),
        np.ma.masked_array([1.0, 2.0]),
        np.array(["2020"], dtype="M8[Y]"),
        Problem(np.arange(3), inner=threading.Lock()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_come_back_otherwise_is_not_kept(value: object) -> None:
    with pytest.raises(UnfitError):
        freeze({"x": value})


def test_a_check_cannot_change_what_was_taken_down() -> None:
    recorder = Recorder({"solution"})
    arguments = {"solution": object(), "x": np.arange(3)}
    recorder.take(arguments)
    arguments["x"][:] = 7  # type: ignore[index]
    assert not recorder.unfit
    (frozen,) = recorder.taken()
    (name, x) = next(iter(thaw(frozen).items()))
    assert (name, x.tolist()) == ("x", [0, 1, 2])
    assert thaw(frozen)["x"] is not thaw(frozen)["x"]


def test_one_unfit_example_or_too_many_bytes_and_none_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(())
    recorder.take({"x": print})
    recorder.take({"x": 1})
    assert recorder.unfit
    monkeypatch.setattr(examples, "MOST_BYTES", 100)
    recorder = Recorder(())
    recorder.take({"x": np.arange(100)})
    assert recorder.unfit


@pytest.fixture
def kata(tmp_path: Path) -> Kata:
    folder = tmp_path / "katas" / "scaling"
    for name in ("kata.toml", "hidden/test_correctness.py", "hidden/wrong/slow.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text")
    return Kata(name="scaling", folder=folder, title="Scaling", question=12, round="ml-coding", minutes=5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "examples"


KEPT = [freeze({"x": number}) for number in range(3)]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_examples_are_found_again_by_kata_check_and_seed(kata: Kata, folder: Path) -> None:
    ExampleStore(kata, 0, folder).save("test_x", KEPT)
    assert ExampleStore(kata, 0, folder).load("test_x") == KEPT
    assert ExampleStore(kata, 0, folder).load("test_y") is None
    assert ExampleStore(kata, 1, folder).load("test_x") is None
    assert len(files(folder)) == 1


def test_a_change_of_a_check_makes_others_necessary_and_a_wrong_solution_does_not(kata: Kata, folder: Path) -> None:
    ExampleStore(kata, 0, folder).save("test_x", KEPT)
    (kata.hidden / "wrong" / "slow.py").write_text("other")
    assert ExampleStore(kata, 0, folder).load("test_x") == KEPT
    (kata.hidden / "test_correctness.py").write_text("other")
    assert ExampleStore(kata, 0, folder).load("test_x") is None


@pytest.mark.parametrize("change", ["cut", "longer", "flipped", "empty", "another"])
def test_a_file_that_is_not_whole_is_as_good_as_none(kata: Kata, folder: Path, change: str) -> None:
    store = ExampleStore(kata, 0, folder)
    store.save("test_x", KEPT)
    (path,) = files(folder)
    content = path.read_bytes()
    if change == "another":
        store.save("test_y", KEPT)
        (other,) = set(files(folder)) - {path}
        other.replace(path)
    else:
        flipped = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
        path.write_bytes({"cut": content[:-1], "longer": content + b"x", "flipped": flipped, "empty": b""}[change])
    assert store.load("test_x") is None
    store.save("test_x", KEPT)
    assert store.load("test_x") == KEPT


def test_a_full_disk_costs_nothing(kata: Kata, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ExampleStore(kata, 0, folder)
    store.save("test_x", KEPT)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    store.save("test_y", KEPT)
    assert store.load("test_y") is None
    assert len(files(folder)) == 1


def test_a_folder_that_cannot_be_made_costs_nothing(kata: Kata, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = ExampleStore(kata, 0, tmp_path / "file" / "examples")
    store.save("test_x", KEPT)
    assert store.load("test_x") is None


def test_many_writers_leave_one_whole_file(kata: Kata, folder: Path) -> None:
    def write() -> None:
        for _ in range(30):
            ExampleStore(kata, 0, folder).save("test_x", KEPT)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    seen = []
    while any(thread.is_alive() for thread in threads):
        seen.append(ExampleStore(kata, 0, folder).load("test_x"))
    for thread in threads:
        thread.join()
    assert all(each in (None, KEPT) for each in seen)
    assert ExampleStore(kata, 0, folder).load("test_x") == KEPT
    assert len(files(folder)) == 1


def test_the_oldest_go_where_there_are_too_many(kata: Kata, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ExampleStore(kata, 0, folder)
    for number in range(5):
        before = set(files(folder)) if folder.is_dir() else set()
        store.save(f"test_{number}", KEPT)
        (path,) = set(files(folder)) - before
        os.utime(path, (number, number))
    monkeypatch.setattr(examples, "MOST_KEPT", 3 * path.stat().st_size)
    ExampleStore(kata, 0, folder).save("test_5", KEPT)
    assert [number for number in range(6) if store.load(f"test_{number}")] == [3, 4, 5]


def test_a_class_that_is_gone_makes_examples_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = freeze({"x": Problem(np.arange(3))})
    monkeypatch.delattr(f"{__name__}.Problem")
    with pytest.raises(UnfitError, match="there is no Problem in"):
        thaw(frozen)


def test_an_example_that_is_of_no_use_is_not_kept() -> None:
    recorder = Recorder(())
    recorder.take({"x": 1})
    recorder.take({"x": 2})
    recorder.drop()
    recorder.take({"x": 3})
    assert [thaw(each) for each in recorder.taken()] == [{"x": 1}, {"x": 3}]
    recorder.take({"x": object()})
    recorder.drop()
    assert recorder.unfit
