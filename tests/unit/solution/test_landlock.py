"""What files are left to a process under Landlock, in every version of it that this kernel can play."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from children import in_child, tried

from pytest_mlkata.solution import landlock

VERSION = landlock.version() if sys.platform == "linux" else 0
REAL = pytest.mark.skipif(not VERSION, reason="needs a kernel with Landlock")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Folders that may be read, written to, and neither; each with a file and a folder."""
    for name in ("shown", "given", "hidden"):
        (tmp_path / name / "folder").mkdir(parents=True)
        (tmp_path / name / "file").write_text("content")
    return tmp_path


def restricted(place: Path, do: Callable[[], object]) -> Any:
    """What comes of `do` where one folder can be read, and another one written to."""

    def confined() -> object:
        landlock.restrict(landlock.prepare([str(place / "shown")], [str(place / "given")]))
        return do()

    return in_child(confined)


def write_into(path: Path) -> Callable[[], object]:
    return lambda: os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


@REAL
def test_only_what_is_shown_can_be_read(place: Path) -> None:
    def read() -> dict[str, str]:
        files, folders = ("shown/file", "given/file", "hidden/file"), ("shown", "shown/folder", "given", "hidden", "")
        found = {name: tried((place / name).read_bytes) for name in files}
        found |= {name: tried(lambda name=name: [*(place / name).iterdir()]) for name in folders}  # type: ignore[misc]
        found["passwd"] = tried(Path("/etc/passwd").read_bytes)
        found["on a way round"] = tried((place / "shown" / ".." / "hidden" / "file").read_bytes)
        return found

    found = restricted(place, read)
    assert [name for name, outcome in found.items() if outcome == "done"] == [
        "shown/file",
        "given/file",
        "shown",
        "shown/folder",
        "given",
    ]
    assert set(found.values()) == {"done", "PermissionError"}


@REAL
def test_a_link_leads_nowhere_else(place: Path) -> None:
    (place / "shown" / "link").symlink_to(place / "hidden" / "file")
    (place / "given" / "link").symlink_to(place / "hidden" / "file")

    def follow() -> list[str]:
        links = [place / "shown" / "link", place / "given" / "link"]
        return [tried(link.read_bytes) for link in links] + [tried(write_into(link)) for link in links]

    assert restricted(place, follow) == ["PermissionError"] * 4


@REAL
def test_a_single_file_can_be_shown(place: Path) -> None:
    def read() -> list[str]:
        landlock.restrict(landlock.prepare([str(place / "hidden" / "file"), "/no/such/file"], [os.devnull]))
        devnull = Path(os.devnull)
        return [
            tried((place / "hidden" / "file").read_bytes),
            tried(lambda: devnull.write_text("x")),
            tried(place.rmdir),
        ]

    assert in_child(read) == ["done", "done", "PermissionError"]


CHANGES: dict[str, Callable[[Path], object]] = {
    "write": lambda folder: write_into(folder / "file")(),
    "make a file": lambda folder: write_into(folder / "new")(),
    "make a folder": lambda folder: (folder / "made").mkdir(),
    "remove a file": lambda folder: (folder / "file").unlink(),
    "remove a folder": lambda folder: (folder / "folder").rmdir(),
    "rename": lambda folder: (folder / "file").rename(folder / "renamed"),
}


@REAL
@pytest.mark.parametrize("what", CHANGES)
def test_changes_are_for_the_folder_that_is_given(place: Path, what: str) -> None:
    change = CHANGES[what]
    names = ("given", "shown", "hidden")
    assert restricted(place, lambda: [tried(lambda name=name: change(place / name)) for name in names]) == [  # type: ignore[misc]
        "done",
        "PermissionError",
        "PermissionError",
    ]


@REAL
def test_links_and_special_files_cannot_be_made_anywhere(place: Path) -> None:
    def make() -> list[str]:
        folder = place / "given"
        return [
            tried(lambda: (folder / "link").symlink_to(place)),
            tried(lambda: os.mkfifo(folder / "pipe")),
            tried(lambda: (folder / "hard").hardlink_to(place / "shown" / "file")),
        ]

    found = restricted(place, make)
    assert found[:2] == ["PermissionError", "PermissionError"]
    assert found[2] in {"OSError", "PermissionError"}
    assert sorted(each.name for each in (place / "given").iterdir()) == ["file", "folder"]


@pytest.mark.skipif(VERSION < 2, reason="needs Landlock 2, which lets files be moved into another folder")
def test_within_the_folder_files_move_from_folder_to_folder(place: Path) -> None:
    given = place / "given"

    def move() -> list[str]:
        return [
            tried(lambda: (given / "file").rename(given / "folder" / "moved")),
            tried(lambda: (given / "folder" / "moved").replace(given / "back")),
            tried(lambda: (given / "back").hardlink_to(place / "hidden" / "file")),
            tried(lambda: (given / "other").hardlink_to(place / "shown" / "file")),
        ]

    found = restricted(place, move)
    assert found[:2] == ["done", "done"]
    assert "done" not in found[2:]
    assert (given / "back").read_text() == "content"


@REAL
@pytest.mark.parametrize(
    ("old", "new"), [("given", "hidden"), ("hidden", "given"), ("shown", "given"), ("given", "shown")]
)
def test_nothing_moves_into_the_folder_or_out_of_it(place: Path, old: str, new: str) -> None:
    assert restricted(place, lambda: tried(lambda: (place / old / "file").rename(place / new / "moved"))) != "done"
    assert (place / old / "file").exists()


@pytest.mark.skipif(VERSION < 3, reason="needs Landlock 3, which looks at truncation")
@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_WRONLY, 3])
def test_what_is_hidden_or_only_shown_is_not_emptied(place: Path, flags: int) -> None:
    def empty() -> list[str]:
        paths = [place / name / "file" for name in ("given", "shown", "hidden")]
        return [
            *(tried(lambda path=path: os.truncate(path, 0)) for path in paths),  # type: ignore[misc]
            *(tried(lambda path=path: os.open(path, flags | os.O_TRUNC)) for path in paths),  # type: ignore[misc]
        ]

    assert restricted(place, empty) == ["done", "PermissionError", "PermissionError"] * 2
    assert [(place / name / "file").read_text() for name in ("given", "shown", "hidden")] == ["", "content", "content"]


SIZES = {1: 8, 2: 8, 3: 8, 4: 16, 5: 16, 6: 24, 7: 24, 99: 24}
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16, 6: 16, 7: 16, 99: 16}


@pytest.mark.parametrize("version", SIZES)
def test_an_older_kernel_is_asked_for_what_it_knows(place: Path, monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    calls: list[tuple[int, Any]] = []

    def record(number: int, *arguments: Any) -> int:
        calls.append((number, arguments))
        return 7

    monkeypatch.setattr(landlock, "version", lambda: version)
    monkeypatch.setattr(landlock, "_call", record)
    assert landlock.prepare([str(place / "shown")], [str(place / "given" / "file")]) == 7
    (number, (attributes, size, _)), *added = calls
    handled = int.from_bytes(attributes[:8], sys.byteorder)
    assert (number, len(attributes), size.value) == (444, SIZES[version], SIZES[version])
    assert handled == (1 << RIGHTS[version]) - 1
    assert attributes[8:] == b"".join((3).to_bytes(8, sys.byteorder) for _ in range(SIZES[version] // 8 - 1))
    granted = [int.from_bytes(rule[:8], sys.byteorder) for number, (_, _, rule, _) in added if number == 445]
    assert len(granted) == 2
    assert all(rights & ~handled == 0 for rights in granted)
    assert granted[0] == 0b1100


@REAL
@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6, 7])
def test_an_older_version_hides_the_same(place: Path, monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    if version > VERSION:
        pytest.skip(f"this kernel's Landlock has version {VERSION}")
    monkeypatch.setattr(landlock, "version", lambda: version)

    def use() -> list[str]:
        return [
            tried((place / "shown" / "file").read_bytes),
            tried((place / "hidden" / "file").read_bytes),
            tried(write_into(place / "given" / "file")),
            tried(write_into(place / "shown" / "file")),
            tried(write_into(place / "hidden" / "new")),
        ]

    assert restricted(place, use) == ["done", "PermissionError", "done", "PermissionError", "PermissionError"]


@REAL
def test_there_is_no_way_back(place: Path) -> None:
    def widen() -> list[str]:
        landlock.restrict(landlock.prepare(["/"], ["/"]))
        return [tried((place / "hidden" / "file").read_bytes), tried((place / "shown" / "file").read_bytes)]

    assert restricted(place, widen) == ["PermissionError", "done"]


@REAL
def test_a_kernel_that_refuses_is_an_error() -> None:
    with pytest.raises(OSError, match="Landlock: the kernel refuses") as caught:
        landlock.restrict(-1)
    assert caught.value.errno == errno.EBADF


class Kernel:
    """Answers every call with one error, or none."""

    def __init__(self, number: int) -> None:
        self._number = number

    def syscall(self, *_: object) -> int:
        ctypes.set_errno(self._number)
        return -1 if self._number else 1


@pytest.mark.parametrize(
    ("number", "version", "said"),
    [
        (0, 1, ""),
        (errno.ENOSYS, 0, "the kernel has no Landlock (Linux 5.13 or newer has), or a container hides it"),
        (errno.EPERM, 0, "the kernel has no Landlock (Linux 5.13 or newer has), or a container hides it"),
        (errno.EOPNOTSUPP, 0, "the kernel's Landlock is switched off (boot with `lsm=landlock,…`)"),
    ],
)
def test_a_kernel_without_it_is_told_from_one_that_has_it_off(
    monkeypatch: pytest.MonkeyPatch, number: int, version: int, said: str
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Kernel(number))
    assert landlock.missing() == said
    assert landlock.version() == version
