"""What the README shows can be typed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pytest_mlkata.cli import main
from pytest_mlkata.kata.manifest import ROUNDS
from pytest_mlkata.session.options import INI_PATHS, INI_SOLUTIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent


def blocks(text: str) -> list[list[str]]:
    """The lines of each block of shell commands in `text`."""
    return [block.splitlines() for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def quick_start() -> list[str]:
    section = README.partition("\n## Quick start\n")[2]
    assert section.lstrip("\n").startswith("```sh\n"), "the quick start opens with its commands"
    return blocks(section)[0]


def shown(program: str) -> list[list[str]]:
    """The commands that run `program` in the blocks of the README, as words."""
    parts = [part for block in blocks(README) for line in block for part in line.split("&&")]
    commands = [shlex.split(part, comments=True) for part in parts]
    return [words for words in commands if words and Path(words[0]).name == program]


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


# Everything else that is shown


def test_the_commands_of_mlkata_work_in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    commands = shown("mlkata")
    assert commands
    for words in commands:
        # Proving a kata takes its time, and has tests of its own.
        more = ["--help"] if words[1] == "check" else []
        result = CliRunner().invoke(main, [*words[1:], *more])
        assert result.exit_code == 0, f"{shlex.join(words)}: {result.output}"


def test_the_commands_of_pytest_are_understood(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    commands = [words for words in shown("pytest") if Path(words[0]).parent == Path()]
    assert commands
    for words in commands:
        done = run([str(BIN / "pytest"), *words[1:], "--collect-only", "-q"], tmp_path)
        assert done.returncode == 0, f"{shlex.join(words)}: {done.stdout}{done.stderr}"
        assert "::test_" in done.stdout


def test_every_command_that_is_mentioned_exists() -> None:
    assert isinstance(main, click.Group)
    mentioned = set(re.findall(r"`mlkata ([a-z]+)", README))
    assert mentioned
    assert mentioned <= set(main.commands)


def test_the_options_that_are_explained_are_those_that_there_are(tmp_path: Path) -> None:
    said = run([str(BIN / "pytest"), "--help"], tmp_path).stdout
    there = set(re.findall(r"^  (--kata[a-z-]*)", said, re.MULTILINE)) - {"--kata-run"}
    assert set(re.findall(r"--kata[a-z-]*", README)) == there


def test_the_rounds_and_the_settings_are_named() -> None:
    for name in (*ROUNDS, INI_PATHS, INI_SOLUTIONS):
        assert f"`{name}`" in README


def test_the_files_that_are_linked_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
