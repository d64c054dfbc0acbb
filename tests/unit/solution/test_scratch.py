"""The folder that a submission writes to: what is in it is counted, and goes, whatever it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pytest_mlkata.solution.scratch import Scratch

KILOBYTE = 1024
DEEP = 200 * "d"


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    scratch = Scratch(tmp_path / "above" / "scratch", 100 * KILOBYTE)
    yield scratch
    # Else pytest could not remove what is nested so deep.
    scratch.remove()


def nest(folder: Path, depth: int) -> None:
    """Make folders in each other: deeper than a path can tell."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(DEEP, dir_fd=here)
        below = os.open(DEEP, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("file", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)


def test_it_is_made_and_empty(scratch: Scratch) -> None:
    assert scratch.path.is_dir()
    assert not scratch.is_full()


@pytest.mark.parametrize(("size", "full"), [(100, False), (101, True)])
def test_bytes_are_counted(scratch: Scratch, size: int, *, full: bool) -> None:
    (scratch.path / "one").write_bytes(b"x" * 50 * KILOBYTE)
    (scratch.path / "folder").mkdir()
    (scratch.path / "folder" / "two").write_bytes(b"x" * (size - 50 - 4) * KILOBYTE)
    assert scratch.is_full() is full


def test_a_hole_counts_as_what_it_seems(scratch: Scratch) -> None:
    with (scratch.path / "sparse").open("wb") as file:
        file.truncate(2**30)
    assert scratch.is_full()


@pytest.mark.parametrize(("number", "full"), [(25, False), (26, True)])
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_many_small_things_are_counted(scratch: Scratch, kind: str, number: int, *, full: bool) -> None:
    for each in range(number):
        path = scratch.path / str(each)
        if kind == "link":
            path.symlink_to("/")
        else:
            path.mkdir() if kind == "folder" else path.touch()
    assert scratch.is_full() is full


def test_links_are_not_followed(scratch: Scratch, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "large").write_bytes(b"x" * 200 * KILOBYTE)
    (scratch.path / "folder").symlink_to(outside)
    (scratch.path / "file").symlink_to(outside / "large")
    (scratch.path / "loop").symlink_to(scratch.path)
    (scratch.path / "nowhere").symlink_to("/no/such/file")
    assert not scratch.is_full()
    scratch.clear()
    assert list(scratch.path.iterdir()) == []
    assert (outside / "large").exists()


def test_clearing_leaves_an_empty_folder(scratch: Scratch) -> None:
    (scratch.path / "a" / "b" / "c").mkdir(parents=True)
    (scratch.path / "a" / "b" / "file").write_text("text")
    (scratch.path / ".hidden").touch()
    os.mkfifo(scratch.path / "pipe")
    scratch.clear()
    assert list(scratch.path.iterdir()) == []
    assert list(scratch.path.parent.iterdir()) == [scratch.path]
    scratch.clear()


def test_what_is_nested_too_deep_is_full_and_is_cleared(scratch: Scratch) -> None:
    scratch.size = 2**30
    nest(scratch.path, 70)
    (scratch.path / "short" / "nested").mkdir(parents=True)
    assert scratch.is_full()
    scratch.clear()
    assert list(scratch.path.parent.iterdir()) == [scratch.path]
    assert list(scratch.path.iterdir()) == []


def test_what_is_kept_from_looking_is_full_and_is_cleared(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch.path / "closed" / "inner").mkdir(parents=True)
    (scratch.path / "closed" / "inner").chmod(0)
    (scratch.path / "closed").chmod(0o300)
    real = os.scandir

    def as_an_ordinary_user(path: str) -> Any:
        if not os.stat(path).st_mode & 0o400:  # noqa: PTH116
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", as_an_ordinary_user)
    assert scratch.is_full()
    scratch.clear()
    assert list(scratch.path.iterdir()) == []


def test_what_goes_meanwhile_is_not_counted(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch.path / "folder").mkdir()
    real = os.scandir

    def removing(path: str) -> Any:
        if path != str(scratch.path):
            os.rmdir(path)  # noqa: PTH106
        return real(path)

    monkeypatch.setattr(os, "scandir", removing)
    assert not scratch.is_full()


def test_a_file_that_comes_and_goes_hides_no_other(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (scratch.path / name).write_bytes(bytes(40 * KILOBYTE))
    real = os.scandir

    @contextmanager
    def with_one_that_is_gone(path: str) -> Iterator[list[os.DirEntry[str]]]:
        gone = scratch.path / "gone"
        gone.touch()
        entries = sorted(real(path), key=lambda entry: entry.name != "gone")
        gone.unlink()
        yield entries

    monkeypatch.setattr(os, "scandir", with_one_that_is_gone)
    assert scratch.is_full()


def test_removing_leaves_nothing(scratch: Scratch) -> None:
    (scratch.path / "folder").mkdir()
    scratch.remove()
    assert list(scratch.path.parent.iterdir()) == []
    scratch.remove()
    assert not scratch.is_full()
