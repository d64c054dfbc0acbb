"""The folder that a submission may write to, with content that is meant to be trouble."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_mlkata.solution.scratch import Scratch, remove

SIZE = 2**20


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    made = Scratch(tmp_path / "outer" / "scratch", SIZE)
    yield made
    # pytest itself cannot remove what some of these tests make.
    remove(made.path)
    assert not made.path.exists()


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


def dig(folder: Path, levels: int, name: str) -> None:
    """Make a folder in a folder in a folder, whatever the length of its path."""
    with inside(folder):
        for _ in range(levels):
            Path(name).mkdir()
            os.chdir(name)


def test_everything_counts(scratch: Scratch) -> None:
    assert not scratch.is_full()
    (scratch.path / "a").mkdir()
    (scratch.path / "a" / "half").write_bytes(bytes(SIZE // 2))
    assert not scratch.is_full()
    (scratch.path / "other").write_bytes(bytes(SIZE // 2))
    assert scratch.is_full()
    scratch.clear()
    assert not scratch.is_full()
    assert list(scratch.path.iterdir()) == []


def test_many_empty_files_are_not_nothing(scratch: Scratch) -> None:
    for number in range(SIZE // 4096 + 1):
        (scratch.path / str(number)).touch()
    assert scratch.is_full()


def test_holes_count(scratch: Scratch) -> None:
    with (scratch.path / "sparse").open("wb") as file:
        file.truncate(2**40)
    assert scratch.is_full()


@pytest.mark.parametrize(("levels", "name"), [(40, "d"), (1500, "d"), (30, "d" * 250)])
def test_depth_hides_nothing_and_is_removed(scratch: Scratch, levels: int, name: str) -> None:
    dig(scratch.path, levels, name)
    assert scratch.is_full()
    scratch.clear()
    assert list(scratch.path.iterdir()) == []


def test_links_are_not_followed(scratch: Scratch, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "kept").write_bytes(bytes(2 * SIZE))
    (scratch.path / "folder").mkdir()
    for place in (scratch.path, scratch.path / "folder"):
        (place / "link").symlink_to(outside)
        (place / "file").symlink_to(outside / "kept")
        (place / "endless").symlink_to("endless")
    assert not scratch.is_full()
    scratch.clear()
    assert list(scratch.path.iterdir()) == []
    assert (outside / "kept").stat().st_size == 2 * SIZE


def test_rights_and_special_files_are_no_obstacle(scratch: Scratch) -> None:
    os.mkfifo(scratch.path / "fifo")
    (scratch.path / "moved-0").mkdir()
    (scratch.path / "a" / "b" / "c").mkdir(parents=True)
    (scratch.path / "a" / "b" / "file").touch(mode=0)
    for folder in ("a/b/c", "a/b", "a"):
        (scratch.path / folder).chmod(0)
    scratch.clear()
    assert list(scratch.path.iterdir()) == []
