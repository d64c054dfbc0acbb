"""The promises of the README, beside its code blocks, which test_docs.py goes through."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

from pages import README, ROOT
from reading import BIN

from pytest_mlkata.kata.discovery import bundled_folder
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import ROUNDS
from pytest_mlkata.options import INI_PATHS, INI_SOLUTIONS

TEXT = README.read_text("utf-8")


def quick_start() -> list[str]:
    section = TEXT.partition("\n## Quick start\n")[2]
    assert section.lstrip("\n").startswith("```sh\n"), "the quick start opens with its commands"
    return section.split("```")[1].splitlines()[1:]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


# The quick start


def test_the_quick_start_is_two_commands_of_one_line() -> None:
    commands = quick_start()
    assert len(commands) == 2
    for command in commands:
        assert command == command.strip()
        assert not command.endswith("\\")
        assert "#" not in command
        assert run(["bash", "-n", "-c", command], ROOT).returncode == 0


def test_ci_runs_the_second() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    (line,) = [line for line in script.splitlines() if line.startswith("command=")]
    done = run(["bash", "-euo", "pipefail", "-c", f'{line}; printf %s "$command"'], ROOT)
    assert done.stdout == quick_start()[1]
    assert 'eval "$command"' in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_first_grades_the_example_and_passes() -> None:
    command = quick_start()[0].rpartition("&&")[2].strip()
    words = [word.replace(".venv/bin/", f"{BIN}/") for word in shlex.split(command)]
    assert Path(words[0]) == BIN / "pytest"
    done = run([*words, "-p", "no:cacheprovider"], ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓" in done.stdout


# What it explains


def test_the_options_that_are_explained_are_those_that_there_are(tmp_path: Path) -> None:
    said = run([str(BIN / "pytest"), "--help"], tmp_path).stdout
    there = set(re.findall(r"^  (--kata[a-z-]*)", said, re.MULTILINE)) - {"--kata-run"}
    assert set(re.findall(r"--kata[a-z-]*", TEXT)) == there


def test_every_kata_is_listed_with_its_question_and_round() -> None:
    section = TEXT.partition("\n## The katas\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \| (\d+|-) \| `([a-z-]+)` \|", section, re.MULTILINE)
    katas = [load_kata(path.parent) for path in bundled_folder().glob("*/kata.toml")]
    assert sorted(listed) == sorted((kata.name, str(kata.question or "-"), kata.round) for kata in katas)


def test_the_rounds_and_the_settings_are_named() -> None:
    for name in (*ROUNDS, INI_PATHS, INI_SOLUTIONS):
        assert f"`{name}`" in TEXT
