"""The files around the package agree with each other."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import pytest_mlkata

ROOT = Path(__file__).parents[2]
PYPROJECT = ROOT / "pyproject.toml"


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    return tomllib.loads(PYPROJECT.read_text("utf-8"))


def test_the_oldest_versions_are_those_that_are_tested(settings: dict[str, Any]) -> None:
    project = settings["project"]
    declared = {}
    extras = project["optional-dependencies"]
    for text in [*project["dependencies"], *extras["test"], *extras["pipeline"]]:
        requirement = Requirement(text)
        if requirement.name == project["name"]:
            assert requirement.extras == {"pipeline"}, "the tests solve every kata"
            continue
        (bound,) = requirement.specifier
        assert bound.operator == ">=", f"{text}: a dependency has a lowest version and no other bound"
        declared[requirement.name] = Version(bound.version)
    tested = {}
    for line in (ROOT / "tests" / "lowest.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            tested[name] = Version(version)
    assert tested == declared


def test_the_tests_build_with_what_builds(settings: dict[str, Any]) -> None:
    (builder,) = settings["build-system"]["requires"]
    assert builder in settings["project"]["optional-dependencies"]["test"]


def base(tox: str, environment: str) -> list[str]:
    """The Pythons that an environment runs on, the first that is there."""
    (found,) = re.findall(rf"^\[testenv:{environment}\].*?^base_python = (.*?)$", tox, re.MULTILINE | re.DOTALL)
    pythons: list[str] = found.split(", ")
    return pythons


def test_every_supported_python_is_tested_and_declared(settings: dict[str, Any]) -> None:
    project = settings["project"]
    prefix = "Programming Language :: Python :: "
    versions = [each.removeprefix(prefix) for each in project["classifiers"] if each.startswith(prefix)]
    assert project["requires-python"] == f">={versions[0]}"
    tox = (ROOT / "tox.ini").read_text("utf-8")
    (environments,) = re.findall(r"^env_list = (.*)$", tox, re.MULTILINE)
    tested = [each for each in environments.split(", ") if re.fullmatch(r"py\d+", each)]
    assert tested == [f"py{version.replace('.', '')}" for version in versions[1:-1]]
    assert base(tox, "lowest") == [f"python{versions[0]}"]
    assert base(tox, "package") == [f"python{version}" for version in reversed(versions)]
    oldest = versions[0].replace(".", "")
    assert settings["tool"]["ruff"]["target-version"] == f"py{oldest}"
    assert settings["tool"]["mypy"]["python_version"] == versions[0]


def test_the_version_is_said_in_one_place(settings: dict[str, Any]) -> None:
    assert "version" not in settings["project"]
    assert settings["tool"]["hatch"]["version"]["path"] == "pytest_mlkata/__init__.py"
    assert metadata.version("pytest-mlkata") == pytest_mlkata.__version__


def test_the_newest_entry_of_the_changelog_is_this_version() -> None:
    entries = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert entries[0] == pytest_mlkata.__version__


def test_there_is_a_license(settings: dict[str, Any]) -> None:
    assert settings["project"]["license"] == "MIT"
    assert settings["project"]["license-files"] == ["LICENSE"]
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")


def test_every_rule_that_ruff_ignores_has_a_reason(settings: dict[str, Any]) -> None:
    lint = settings["tool"]["ruff"]["lint"]
    ignored = {*lint["ignore"], *(rule for rules in lint["per-file-ignores"].values() for rule in rules)}
    text = PYPROJECT.read_text("utf-8")
    section = text[text.index("[tool.ruff.lint]") : text.index("[tool.mypy]")]
    lines = [line for line in section.splitlines() if re.search(r'"[A-Z]+[0-9]*"', line) and "select" not in line]
    assert ignored - {"ALL"} <= set(re.findall(r'"([A-Z]+[0-9]*)"', "\n".join(lines)))
    assert [line for line in lines if not re.search(r"# \w+", line)] == []


def files_of_the_repository() -> list[Path]:
    """What is or may be committed."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone of the repository")
    command = [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_place_on_somebody_s_machine() -> None:
    # Put together here, since this file is read too.
    places = [f"/{name}/" for name in ("root", "tmp", "Users")] + [f"{Path.home()}/", f"{ROOT}/"]
    found = []
    for path in files_of_the_repository():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}, line {number}: {place}" for place in places if place in line]
    assert found == []


def test_every_file_of_text_ends_in_a_newline_and_no_line_in_blanks() -> None:
    found = []
    for path in files_of_the_repository():
        text = path.read_text("utf-8")
        if text and (not text.endswith("\n") or re.search(r"[ \t]+$", text, re.MULTILINE)):
            found.append(str(path.relative_to(ROOT)))
    assert found == []
