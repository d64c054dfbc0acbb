"""A thousand katas: what is opened and looked at, which says more than a time that is not the same twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pytest_mlkata.kata import discovery
from pytest_mlkata.kata.discovery import discover, select

MANY = 1000
MANIFEST = 'format = 1\ntitle = "Many"\nquestion = 3\nround = "ml-coding"\nminutes = 5\ntags = ["some"]\n'
# Says at the end which files below a folder were opened, and what was imported.
OBSERVER = """
import atexit, json, os, sys
folder, log, *sys.argv = sys.argv[1:]
opened = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)) and os.fsdecode(arguments[0]).startswith(folder):
        opened.append(os.fsdecode(arguments[0]))
sys.addaudithook(watch)
owner = os.getpid()
def tell():
    if os.getpid() == owner:
        with open(log, "w") as file:
            json.dump({"opened": opened, "modules": sorted(sys.modules)}, file)
atexit.register(tell)
"""
LIST = OBSERVER + "from pytest_mlkata.cli import main\nmain()\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a thousand katas that can be listed."""
    root = tmp_path_factory.mktemp("many")
    (root / "pytest.ini").write_text("[pytest]\n")
    for number in range(MANY):
        folder = root / "katas" / f"kata_{number}"
        folder.mkdir(parents=True)
        (folder / "kata.toml").write_text(MANIFEST)
    return root


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither shipped katas nor those of installed packages."""
    monkeypatch.setattr(discovery, "bundled_folder", lambda: tmp_path / "bundled")
    monkeypatch.setattr(discovery, "entry_points", lambda **_: [])


@contextmanager
def looks(below: Path) -> Iterator[list[str]]:
    """The calls of `os.stat` on what is below a folder."""
    found: list[str] = []
    stat = os.stat

    def watch(path: Any, **rest: Any) -> os.stat_result:
        if str(path).startswith(f"{below}/"):
            found.append(str(path))
        return stat(path, **rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "stat", watch)
        yield found


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("given", [False, True])
def test_a_name_costs_one_look_at_each_of_the_others(
    project: Path, monkeypatch: pytest.MonkeyPatch, *, given: bool
) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a manifest was read")

    monkeypatch.setattr(discovery, "read_manifest", refuse)
    with looks(project / "katas") as found:
        catalog = discover(given=[project / "katas"]) if given else discover(root=project)
        assert select(catalog, "kata_7").folders == (project / "katas" / "kata_7",)
    assert len(found) <= MANY + 1
    assert len(set(found)) == len(found)


@pytest.mark.usefixtures("alone")
def test_a_tag_reads_every_manifest_once_and_nothing_else(project: Path) -> None:
    opened: list[Path] = []
    with pytest.MonkeyPatch.context() as patch:
        read = Path.read_bytes

        def watch(path: Path) -> bytes:
            opened.append(path)
            return read(path)

        patch.setattr(Path, "read_bytes", watch)
        catalog = discover(root=project)
        with looks(project / "katas") as found:
            assert len(select(catalog, "some").folders) == MANY
    assert sorted(opened) == sorted(folder / "kata.toml" for folder in catalog.folders.values())
    assert found == []


def test_a_list_opens_every_manifest_once_and_imports_little(project: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    command = [sys.executable, "-c", LIST, str(project / "katas"), str(log), "mlkata", "list"]
    environment = {**os.environ, "PYTEST_ADDOPTS": "", "XDG_CACHE_HOME": str(tmp_path)}
    result = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.count("kata_") == MANY
    observed = read_log(log)
    assert sorted(observed["opened"]) == sorted(f"{project}/katas/kata_{n}/kata.toml" for n in range(MANY))
    heads = {name.partition(".")[0] for name in observed["modules"]}
    assert heads.isdisjoint({"numpy", "scipy", "hypothesis", "rich", "xdist", "pytest_cov"})
    ours = {name for name in observed["modules"] if name.startswith("pytest_mlkata.")}
    assert not [name for name in ours if name.split(".")[1] in {"solution", "checks", "report", "authoring"}]


def read_log(path: Path) -> dict[str, list[str]]:
    observed: dict[str, list[str]] = json.loads(path.read_text())
    return observed
