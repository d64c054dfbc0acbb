"""What a confined worker may read of the machine: no folder of packages, however it is nested."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from children import in_child

from pytest_mlkata.solution import visible

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of a process")


@pytest.fixture
def lib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `lib` of a Python, as where Python is built from source: its shared library lies beside everything."""
    lib = tmp_path / "lib"
    for name in (
        "python3.11/site-packages/secret",
        "python3.11/json",
        "python3/dist-packages",
        "pypy3.10",
        "pkgconfig",
    ):
        (lib / name).mkdir(parents=True)
    for name in ("libpython3.11.so.1.0", "libz.so", "python3.11/os.py", "notes.txt"):
        (lib / name).touch()
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(lib / "python3.11"))
    return lib


def is_shown(path: Path, shared: tuple[str, ...] = ()) -> bool:
    return any(path.is_relative_to(each) for each in visible.readable(shared))


def test_the_standard_library_is_shown_without_its_packages(lib: Path) -> None:
    assert visible.python_folders() == (str(lib / "python3.11"),)
    assert is_shown(lib / "python3.11" / "os.py")
    assert is_shown(lib / "python3.11" / "json" / "decoder.py")
    for hidden in ("python3.11", "python3.11/site-packages", "python3.11/site-packages/secret", "libz.so"):
        assert not is_shown(lib / hidden)


def test_of_a_folder_with_other_pythons_only_shared_libraries_are_shown(lib: Path) -> None:
    shared = (str(lib),)
    assert is_shown(lib / "libpython3.11.so.1.0", shared)
    assert is_shown(lib / "libz.so", shared)
    for hidden in ("notes.txt", "pkgconfig", "python3", "python3/dist-packages", "pypy3.10", ""):
        assert not is_shown(lib / hidden, shared)
    assert not is_shown(lib / "python3.11" / "site-packages" / "secret", shared)


@pytest.mark.parametrize("name", ["site-packages", "dist-packages", "python3", "pypy"])
def test_packages_beside_shared_libraries_are_hidden(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "secret").mkdir(parents=True)
    (tmp_path / "liba.so.1").touch()
    assert visible.hidden_in(str(tmp_path)) == (str(tmp_path / name),)
    assert is_shown(tmp_path / "liba.so.1", (str(tmp_path),))
    assert not is_shown(tmp_path / name / "secret", (str(tmp_path),))


def test_a_folder_of_shared_libraries_alone_is_shown_whole(tmp_path: Path) -> None:
    (tmp_path / "blas").mkdir()
    (tmp_path / "python.txt").touch()
    assert visible.hidden_in(str(tmp_path)) == ()
    assert str(tmp_path) in visible.readable((str(tmp_path),))


def test_a_folder_that_is_not_there_hides_nothing(tmp_path: Path) -> None:
    assert visible.hidden_in(str(tmp_path / "none")) == ()


def test_nothing_of_a_person_is_shown() -> None:
    shown = visible.readable(visible.library_folders() if sys.platform == "linux" else ())
    assert len(shown) == len(set(shown))
    assert not {"/", "/etc", "/home", "/root", "/proc", "/tmp", "/dev", "/etc/passwd"} & set(shown)
    parts = [Path(each).parts for each in shown]
    assert not [each for each in parts if {"site-packages", "dist-packages"} & set(each)]
    assert not any(Path(__file__).is_relative_to(each) for each in shown)


@LINUX
def test_shared_libraries_are_found_where_they_are_loaded_from() -> None:
    folders = visible.library_folders()
    assert any(list(Path(folder).glob("libc.so*")) for folder in folders)
    assert not [each for each in folders if "-packages" in each]
    stdlib = sysconfig.get_path("stdlib")
    assert not [each for each in folders if Path(each).is_relative_to(Path(stdlib).resolve())]


@LINUX
def test_a_module_in_c_of_a_project_does_not_show_its_folder(tmp_path: Path) -> None:
    origins = [spec.origin for name in ("_bisect", "_queue", "termios") if (spec := find_spec(name))]
    file = next(Path(each) for each in origins if each and each.endswith(".so"))
    copy = Path(shutil.copy(file, tmp_path))

    def load() -> list[bool]:
        name = copy.name.partition(".")[0]
        spec = spec_from_file_location(name, copy)
        assert spec is not None
        sys.modules[name] = module_from_spec(spec)
        return [str(copy) in Path("/proc/self/maps").read_text(), str(tmp_path) in visible.library_folders()]

    assert in_child(load) == [True, False]
