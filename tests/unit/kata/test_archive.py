from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import pytest

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.kata import archive as module
from pytest_mlkata.kata.archive import unpacked

FILES = {
    "knn/kata.toml": "format = 1\n",
    "knn/hidden/reference.py": "ANSWER = 1\n",
    "knn/hidden/right/loop.py": "ANSWER = 2\n",
    "two_sum/kata.toml": "format = 1\n",
}
MONTH = 31 * 24 * 60 * 60


def pack(path: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(zipfile.ZipInfo(name), text)
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return pack(tmp_path / "katas.zip", FILES)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the archive is unpacked in; it is not there yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "pytest-mlkata"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary folders."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    module._temporary_folder.cache_clear()
    yield folder
    module._temporary_folder.cache_clear()


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def folders_in(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.name != "lock")


def fingerprint(folder: Path) -> dict[Path, tuple[int, int]]:
    """Tells whether a file was written anew, even with what it held before."""
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


# The folder in the cache


def test_it_is_unpacked_into_the_cache(archive: Path, cache: Path, temporary: Path) -> None:
    folder = unpacked(archive)
    assert folder.parent == cache
    assert contents(folder) == FILES
    assert folders_in(cache) == [folder.name]
    assert list(temporary.iterdir()) == []


def test_a_second_start_finds_it_and_writes_nothing(archive: Path, cache: Path) -> None:
    folder = unpacked(archive)
    before = fingerprint(cache)
    assert unpacked(archive) == folder
    assert fingerprint(cache) == before


def test_only_the_owner_may_read_it(archive: Path, cache: Path) -> None:
    folder = unpacked(archive)
    for path in [folder, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_another_archive_has_another_folder(archive: Path, tmp_path: Path, cache: Path) -> None:
    other = pack(tmp_path / "other.zip", {**FILES, "knn/kata.toml": "format = 2\n"})
    first, second = unpacked(archive), unpacked(other)
    assert folders_in(cache) == sorted([first.name, second.name])
    assert contents(first) == FILES
    assert contents(second)["knn/kata.toml"] == "format = 2\n"


def test_the_place_of_the_archive_does_not_matter(archive: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "renamed.zip"
    moved.parent.mkdir()
    shutil.copy(archive, moved)
    assert unpacked(moved) == unpacked(archive)


# What a start finds wrong is made anew


def lose_a_file(folder: Path) -> None:
    (folder / "knn" / "hidden" / "reference.py").unlink()


def lose_a_kata(folder: Path) -> None:
    shutil.rmtree(folder / "two_sum")


def gain_a_file(folder: Path) -> None:
    (folder / "knn" / "hidden" / "wrong.py").touch()


def gain_a_link(folder: Path) -> None:
    (folder / "linked").symlink_to(folder / "knn")


def change_a_file(folder: Path) -> None:
    (folder / "knn" / "hidden" / "reference.py").write_text("ANSWER = 10\n")


def change_a_file_and_hide_it(folder: Path) -> None:
    path = folder / "knn" / "hidden" / "reference.py"
    before = path.stat()
    path.write_text("ANSWER = 3\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def put_a_pipe_in_its_place(folder: Path) -> None:
    path = folder / "two_sum" / "kata.toml"
    path.unlink()
    os.mkfifo(path)


def put_a_file_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


def put_a_dead_link_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder.parent / "absent")


@pytest.mark.parametrize(
    "tamper",
    [
        lose_a_file,
        lose_a_kata,
        gain_a_file,
        gain_a_link,
        change_a_file,
        change_a_file_and_hide_it,
        put_a_pipe_in_its_place,
        put_a_file_in_its_place,
        put_a_dead_link_in_its_place,
        shutil.rmtree,
    ],
)
def test_a_folder_that_is_not_as_it_was_made_is_made_anew(
    archive: Path, cache: Path, tamper: Callable[[Path], None]
) -> None:
    folder = unpacked(archive)
    tamper(folder)
    assert unpacked(archive) == folder
    assert not folder.is_symlink()
    assert contents(folder) == FILES
    assert folders_in(cache) == [folder.name]


def test_the_bytecode_of_what_was_imported_is_left_alone(archive: Path, cache: Path) -> None:
    folder = unpacked(archive)
    subprocess.run(
        [sys.executable, "-c", "import reference"],
        cwd=folder / "knn" / "hidden",
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        check=True,
        timeout=60,
    )
    assert list(folder.glob("knn/hidden/__pycache__/reference.*.pyc"))
    before = fingerprint(cache)
    unpacked(archive)
    assert fingerprint(cache) == before


# Runs at once, and runs that are killed

RUN = """
import sys, time, zipfile
from pathlib import Path
from pytest_mlkata.kata import archive

read, files = zipfile.ZipFile.read, []

def slowly(self, info):
    files.append(info.filename)
    {each}
    return read(self, info)

zipfile.ZipFile.read = slowly
print("ready", flush=True)
sys.stdin.readline()
print(archive.unpacked(Path(sys.argv[1])), len(files), flush=True)
"""


@contextmanager
def run(archive: Path, each: str) -> Iterator[subprocess.Popen[str]]:
    """A process that will unpack `archive` when it is told to, and does `each` before each file."""
    command = [sys.executable, "-c", RUN.format(each=each), str(archive)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> tuple[Path, int]:
    """The folder that the run got, and how many files it unpacked."""
    said, _ = process.communicate(timeout=60)
    folder, _, files = said.strip().rpartition(" ")
    return Path(folder), int(files)


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_of_two_runs_at_once_one_unpacks_and_both_use_it(archive: Path, cache: Path) -> None:
    slowly = "time.sleep(0.05)"
    with run(archive, slowly) as one, run(archive, slowly) as other:
        go(one)
        go(other)
        (folder, files), (same, more) = answer(one), answer(other)
    assert folder == same == unpacked(archive)
    assert sorted([files, more]) == [0, len(FILES)]
    assert contents(folder) == FILES
    assert folders_in(cache) == [folder.name]


def test_two_runs_at_once_mend_a_folder_once(archive: Path) -> None:
    folder = unpacked(archive)
    lose_a_file(folder)
    slowly = "time.sleep(0.05)"
    with run(archive, slowly) as one, run(archive, slowly) as other:
        go(one)
        go(other)
        assert sorted([answer(one)[1], answer(other)[1]]) == [0, len(FILES)]
    assert contents(folder) == FILES


def test_what_a_killed_run_leaves_is_no_kata_folder_and_goes_with_the_next(archive: Path, cache: Path) -> None:
    with run(archive, "len(files) < 3 or __import__('os').kill(__import__('os').getpid(), 9)") as process:
        go(process)
        assert process.wait(timeout=60) == -signal.SIGKILL
    (left,) = folders_in(cache)
    assert left.startswith("unfinished-")
    assert len(contents(cache / left)) == 2
    folder = unpacked(archive)
    assert contents(folder) == FILES
    assert folders_in(cache) == [folder.name]


def test_a_run_that_is_stopped_half_way_is_not_waited_for_without_end(
    archive: Path, cache: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    with run(archive, "len(files) < 3 or sys.stdin.readline()") as process:
        go(process)
        eventually(lambda: list(cache.glob("unfinished-*/new/knn/kata.toml")))
        folder = unpacked(archive)
        assert folder.is_relative_to(temporary)
        assert contents(folder) == FILES
        # It is let go on, and finds everything where it put it.
        for _ in FILES:
            go(process)
        finished, files = answer(process)
    assert finished.parent == cache
    assert files == len(FILES)
    assert contents(finished) == FILES
    assert unpacked(archive) == finished


# Other versions


def test_katas_of_other_versions_go_when_nobody_used_them_for_long(archive: Path, tmp_path: Path, cache: Path) -> None:
    old, used, current = [unpacked(pack(tmp_path / f"{text}.zip", {"x": text})) for text in ("old", "used", "new")]
    theirs = cache / "theirs"
    theirs.mkdir()
    long_ago = time.time() - MONTH
    for path in (old, used, theirs):
        os.utime(path, (long_ago, long_ago))
    unpacked(tmp_path / "used.zip")
    folder = unpacked(archive)
    assert folders_in(cache) == sorted(path.name for path in (used, current, theirs, folder))


def test_the_katas_of_this_version_stay_however_old_they_are(archive: Path, cache: Path) -> None:
    folder = unpacked(archive)
    before = fingerprint(cache)
    os.utime(folder, (0, 0))
    unpacked(archive)
    assert fingerprint(cache) == before
    assert time.time() - folder.stat().st_mtime < MONTH


# A cache that cannot be used


def refuse_in(folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, after: int = 0) -> None:
    """Let writing below `folder` fail, after some files: nothing else stops a test that root runs."""
    write = module._write
    written: list[Path] = []

    def refuse(path: Path, content: bytes) -> None:
        if path.is_relative_to(folder):
            written.append(path)
            if len(written) > after:
                raise OSError(code, os.strerror(code), str(path))
        write(path, content)

    monkeypatch.setattr(module, "_write", refuse)


def test_on_a_full_disk_the_katas_are_unpacked_for_this_process(
    archive: Path, cache: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_in(cache, monkeypatch, errno.ENOSPC, after=2)
    folder = unpacked(archive)
    assert folder.is_relative_to(temporary)
    assert contents(folder) == FILES
    assert folders_in(cache) == [], "what was unpacked until then takes no space"
    before = fingerprint(temporary)
    assert unpacked(archive) == folder
    assert fingerprint(temporary) == before, "it is unpacked once for a process"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_where_the_cache_cannot_be_made_they_are_too(
    archive: Path, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / place))
    folder = unpacked(archive)
    assert folder.is_relative_to(temporary)
    assert contents(folder) == FILES


def nobody_knows_it(*_: object, **__: object) -> Path:
    raise RuntimeError("no home")


@pytest.mark.parametrize("find", [nobody_knows_it, lambda *_, **__: Path("~/.cache")])
def test_where_nobody_knows_the_home_they_are_too(
    archive: Path,
    tmp_path: Path,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    find: Callable[..., Path],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platformdirs, "user_cache_path", find)
    assert contents(unpacked(archive)) == FILES
    assert not (tmp_path / "~").exists()
    assert list(temporary.iterdir()) != []


def test_a_cache_that_can_only_be_read_is_used(archive: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = unpacked(archive)
    os.utime(folder, (0, 0))

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    for name in ("mkdir", "utime", "open"):
        monkeypatch.setattr(os, name, refuse)
    assert unpacked(archive) == folder
    assert list(temporary.iterdir()) == []


def test_the_folder_of_a_process_goes_with_it_and_not_with_its_forks(archive: Path, temporary: Path) -> None:
    program = (
        "import os, sys, pathlib\n"
        "from pytest_mlkata.kata.archive import unpacked\n"
        "folder = unpacked(pathlib.Path(sys.argv[1]))\n"
        "if os.fork() == 0:\n"
        "    sys.exit()\n"
        "os.wait()\n"
        "print(sum(path.is_file() for path in folder.rglob('*')))\n"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(archive)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(archive)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == f"{len(FILES)}\n"
    assert list(temporary.iterdir()) == []


def test_where_nothing_can_be_written_it_is_said_what_and_why(
    archive: Path, tmp_path: Path, cache: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_in(tmp_path, monkeypatch, errno.ENOSPC)
    with pytest.raises(MlkataError) as caught:
        unpacked(archive)
    said = str(caught.value)
    assert said.startswith(f"the katas cannot be unpacked, neither into the cache ({cache}/unfinished-")
    assert f": No space left on device) nor into a temporary folder ({temporary}/pytest-mlkata-" in said
    assert said.endswith("; free some space, or set XDG_CACHE_HOME to a folder that can be written")
    assert "\n" not in said


def test_where_there_is_no_temporary_folder_either_it_is_said(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setenv("XDG_CACHE_HOME", str(archive))
    monkeypatch.setattr(tempfile, "gettempdir", refuse)
    with pytest.raises(MlkataError, match=r"temporary folder \(No usable temporary directory found\); free some space"):
        unpacked(archive)


# Archives that cannot be trusted


@pytest.mark.parametrize(
    "name", ["../out", "knn/../../out", "/out", "knn//out", "./out", "knn/.", "C:/out", "knn\\..\\out", "knn/", ""]
)
def test_a_name_that_could_lead_elsewhere_is_refused(archive: Path, cache: Path, name: str) -> None:
    pack(archive, {**FILES, name: "out"})
    with pytest.raises(MlkataError) as caught:
        unpacked(archive)
    assert str(caught.value).startswith(f"{archive}: the archive of the katas holds {name!r}, which is no path within")
    assert not cache.exists()


def test_a_link_in_an_archive_becomes_a_plain_file(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as made:
        made.writestr(link, str(tmp_path))
    folder = unpacked(tmp_path / "links.zip")
    assert not (folder / "link").is_symlink()
    assert contents(folder) == {"link": str(tmp_path)}


@pytest.mark.parametrize("damage", [lambda _: b"", lambda _: b"no archive", lambda content: content[:-30]])
def test_a_damaged_archive_is_said(archive: Path, cache: Path, damage: Callable[[bytes], bytes]) -> None:
    archive.write_bytes(damage(archive.read_bytes()))
    with pytest.raises(
        MlkataError, match=r"katas\.zip: the archive of the katas is damaged: .*; install pytest-mlkata"
    ):
        unpacked(archive)
    assert not cache.exists()


def test_no_damage_of_a_byte_gives_other_files_or_another_error(archive: Path, tmp_path: Path) -> None:
    content = archive.read_bytes()
    damaged = tmp_path / "damaged.zip"
    refused = 0
    for place in range(len(content)):
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            folder = unpacked(damaged)
        except MlkataError as error:
            assert "katas" in str(error)  # noqa: PT017  # most bytes matter, some do not
            refused += 1
        else:
            assert set(contents(folder).values()) <= set(FILES.values())
    assert refused > len(content) / 4


def test_an_archive_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(MlkataError) as caught:
        unpacked(tmp_path / "absent.zip")
    assert str(caught.value) == (
        f"{tmp_path}/absent.zip: the katas cannot be read: No such file or directory; check its permissions"
    )
