"""The wheel: what is in it, and that it grades where nothing but it is."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "solutions" / "logistic_regression.py"
MOST_FILES = 180
"""pytest goes through them at each start, some ten microseconds each."""
SOURCES = (".gitignore", "LICENSE", "README.md", "hatch_build.py", "pyproject.toml", "katas", "pytest_mlkata")
"""What a wheel is made from."""
OUTSIDE = (
    *("PYTEST_ADDOPTS", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "COVERAGE_PROCESS_START"),
    *("SOURCE_DATE_EPOCH", "XDG_CACHE_HOME", "COLUMNS"),
)
"""Variables that would let something else than the wheel decide, or how wide a table is."""


def call(*command: str | Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in OUTSIDE} | variables
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def build(target: str, into: Path, root: Path = ROOT) -> Path:
    """Build `target` from the project at `root`, with what is installed."""
    done = call(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into, folder=root)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = into.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("wheel"))


def sources() -> dict[str, Path]:
    """The files that a wheel is made from, by name, without what tools leave beside them."""
    found = [path for each in SOURCES for path in [ROOT / each, *(ROOT / each).rglob("*")] if path.is_file()]
    return {path.relative_to(ROOT).as_posix(): path for path in found if "__pycache__" not in path.parts}


# What is in it


def test_the_katas_are_one_file_and_there_are_few_others(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    assert len(names) <= MOST_FILES
    assert [name for name in names if "kata.toml" in name or "hidden" in name] == []
    assert [name for name in names if name.endswith(".zip")] == ["pytest_mlkata/katas.zip"]


def test_the_archive_holds_every_file_of_every_kata_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened, zipfile.ZipFile(opened.open("pytest_mlkata/katas.zip")) as katas:
        held = {f"katas/{name}": katas.read(name) for name in katas.namelist()}
        dates = {info.date_time for info in katas.infolist()}
    shipped = {name: path.read_bytes() for name, path in sources().items() if name.startswith("katas/")}
    assert held == shipped
    assert list(held) == sorted(held)
    assert len(dates) == 1


def test_the_same_files_make_the_same_bytes_whenever_and_wherever(wheel: Path, tmp_path: Path) -> None:
    copy = tmp_path / "another place"
    before = os.umask(0o077)
    try:
        for number, (name, path) in enumerate(sorted(sources().items(), reverse=True)):
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            os.utime(target, (10**9 + number, 10**9 + number))
        for leftover in (".hidden", "logistic_regression/stub.py~", "logistic_regression/__pycache__/stub.pyc"):
            (copy / "katas" / leftover).parent.mkdir(exist_ok=True)
            (copy / "katas" / leftover).touch()
        again = build("wheel", tmp_path / "made", copy)
    finally:
        os.umask(before)
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_an_sdist_holds_the_katas_as_they_are_and_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = build("sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as opened:
        opened.extractall(tmp_path / "unpacked", filter="data")
    (root,) = (tmp_path / "unpacked").iterdir()
    assert (root / "katas" / "logistic_regression" / "kata.toml").is_file()
    assert list(root.rglob("*.zip")) == []
    assert build("wheel", tmp_path / "made", root).read_bytes() == wheel.read_bytes()


@pytest.mark.parametrize(
    ("target", "version", "added"),
    [("wheel", "standard", ["pytest_mlkata/katas.zip"]), ("wheel", "editable", []), ("sdist", "standard", [])],
)
def test_only_a_standard_wheel_has_the_archive(target: str, version: str, added: list[str]) -> None:
    hook = runpy.run_path(str(ROOT / "hatch_build.py"))["KatasHook"](str(ROOT), {}, None, None, "", target)
    build_data: dict[str, dict[str, str]] = {"force_include": {}}
    hook.initialize(version, build_data)
    assert list(build_data["force_include"].values()) == added
    made = [Path(name) for name in build_data["force_include"]]
    assert [path for path in made if not path.is_file()] == []
    hook.finalize(version, build_data, "")
    assert [path for path in made if path.parent.exists()] == []


def test_a_wheel_without_katas_is_not_built(tmp_path: Path) -> None:
    for name, path in sources().items():
        if not name.startswith("katas/"):
            (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, tmp_path / "copy" / name)
    command = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "made")
    done = call(*command, folder=tmp_path / "copy")
    assert done.returncode != 0
    assert f"there is no kata in {tmp_path}/copy/katas; build from a clone or from an unpacked sdist" in done.stderr


# What it does in an environment of its own


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a new environment with the wheel.

    What we depend on is lent by the environment of the tests. A ``.pth`` file puts its folder on the path and does
    not read the ``.pth`` files in it, so an editable install there stays out of reach.
    """
    home = tmp_path_factory.mktemp("environment")
    made = call(sys.executable, "-m", "venv", "--without-pip", home, folder=home)
    assert made.returncode == 0, made.stderr
    python = home / "bin" / "python"
    installer = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    done = call(*installer, "install", "--quiet", "--no-deps", "--no-index", wheel, folder=home)
    assert done.returncode == 0, done.stderr
    (site,) = home.glob("lib/python*/site-packages")
    lent = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (site / "lent.pth").write_text("\n".join(lent) + "\n", encoding="utf-8")
    found = call(python, "-c", "import pytest_mlkata; print(pytest_mlkata.__file__)", folder=home)
    assert Path(found.stdout.strip()) == site / "pytest_mlkata" / "__init__.py"
    return home / "bin"


class Away:
    """An empty folder, of a person with an empty home."""

    def __init__(self, commands: Path, base: Path) -> None:
        self._commands = commands
        self.folder = base / "project"
        self.home = base / "home"
        self.temporary = base / "temporary"
        for folder in (self.folder, self.home, self.temporary):
            folder.mkdir()

    def call(self, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run an installed command here."""
        variables = {"HOME": str(self.home), "TMPDIR": str(self.temporary)}
        python = self._commands / "python"
        command = (python, "-m", "pytest") if name == "pytest" else (self._commands / name,)
        return call(*command, *arguments, folder=self.folder, **variables)

    def grade(self, *arguments: str) -> tuple[int, int]:
        """Points earned and possible of the example; whatever ran must have passed."""
        asked = ("--kata", "logistic_regression", "--kata-solution", EXAMPLE, "--kata-json", "out.json")
        done = self.call("pytest", *asked, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        report: Mapping[str, list[dict[str, int]]] = json.loads((self.folder / "out.json").read_text("utf-8"))
        (card,) = report["scorecards"]
        return card["earned"], card["possible"]

    def unpacked(self) -> dict[Path, tuple[int, int]]:
        """The katas in the cache, without bytecode; made anew they would be other files."""
        found = [path for path in self.home.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


@pytest.fixture
def away(environment: Path, tmp_path: Path) -> Away:
    return Away(environment, tmp_path)


def test_it_grades_from_an_empty_folder_and_unpacks_once(away: Away) -> None:
    earned, possible = away.grade()
    assert earned == possible > 0
    unpacked = away.unpacked()
    assert "kata.toml" in {path.name for path in unpacked}
    assert 0 < away.grade("-k", "sigmoid")[0] < earned
    assert away.unpacked() == unpacked


def test_it_grades_where_nothing_can_be_written_into_the_home_and_leaves_nothing(away: Away) -> None:
    away.home.rmdir()
    away.home.touch()  # a folder without permissions is none for root
    earned, possible = away.grade("-n", "2")
    assert earned == possible > 0
    assert [path.name for path in away.temporary.iterdir() if path.name.startswith("pytest-mlkata")] == []


def test_a_run_without_katas_unpacks_nothing(away: Away) -> None:
    (away.folder / "test_own.py").write_text("def test_own():\n    assert True\n")
    done = away.call("pytest")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mlkata" in done.stdout
    assert away.unpacked() == {}


def test_the_command_shows_and_starts_the_katas(away: Away) -> None:
    listed = away.call("mlkata", "list")
    assert listed.stderr == ""
    assert sorted(path.name for path in (ROOT / "katas").iterdir() if path.is_dir()) == [
        line.split()[0] for line in listed.stdout.splitlines()[1:]
    ]
    spec = ROOT / "katas" / "logistic_regression" / "spec.md"
    assert away.call("mlkata", "show", "logistic_regression").stdout == spec.read_text("utf-8") + "\n"
    assert away.call("mlkata", "start", "logistic_regression").returncode == 0
    assert (away.folder / "solutions" / "logistic_regression.md").read_bytes() == spec.read_bytes()


def test_the_command_writes_a_new_kata(away: Away) -> None:
    done = away.call("mlkata", "new", "two_fold")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (away.folder / "katas" / "two_fold" / "hidden" / "reference.py").is_file()
    assert away.call("pytest", "--kata", "two_fold", "--collect-only", "-q").returncode == 0
