"""Goes through the code blocks of a page as its reader would: in one folder, from top to bottom."""

from __future__ import annotations

import configparser
import contextlib
import doctest
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from pages import ROOT, Block, read_blocks

BIN = Path(sys.executable).parent
SCHEMA = json.loads((ROOT / "docs" / "scorecard.schema.json").read_text("utf-8"))

NETWORK = re.compile(r"-m venv|pip install|pre-commit install|tox")
"""Commands that fetch something: only read. The quick start's are tested by test_readme.py."""
MAY_FAIL = ("pytest", "mlkata check")
"""Commands that end with 1 when what they look at does not hold."""
DIRECTIVES = ("{toctree}", "{include}", "{eval-rst}")
"""What Sphinx alone understands, and checks."""


class Misleading(AssertionError):
    """What a page shows is not what happens."""


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    status: int
    output: str


class Reader:
    """Does what one page says.

    Parameters
    ----------
    folder
        Where commands run and files are written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, Any] = {}
        self.last = Done(0, "")
        self._rules: Mapping[str, Callable[[Block], object]] = {
            "sh": self._sh,
            "console": self._console,
            "text": self._text,
            "python": self._python,
            "pycon": self._pycon,
            "json": self._json,
            "toml": lambda block: tomllib.loads(block.text),
            "ini": self._ini,
            "yaml": self._yaml,
            "markdown": self._markdown,
            "files": self._files,
        }
        (folder / ".venv" / "bin").mkdir(parents=True)
        (folder / ".venv" / "bin" / "activate").write_text("")
        (folder / "pytest.ini").write_text("[pytest]\n")

    def take(self, block: Block) -> None:
        """Run, compare or parse a block, whichever its language asks for."""
        if block.language.startswith(DIRECTIVES):
            return
        if block.language not in self._rules:
            raise Misleading(f"{block.place}: no rule for a block of language {block.language!r}; fence it as another")
        self._write(block)
        try:
            self._rules[block.language](block)
        except Exception as error:
            raise Misleading(f"{block.place}: {error}") from error

    def _write(self, block: Block) -> None:
        if block.file:
            path = self.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")

    # What is run

    def _sh(self, block: Block) -> None:
        outputs = []
        for command in _commands(block.text):
            self._run(command)
            outputs.append(self.last.output)
        self.last = Done(self.last.status, "".join(outputs))

    def _console(self, block: Block) -> None:
        assert block.text.startswith("$ "), "a session starts with a command after a dollar sign"
        parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
        for part in parts:
            command, _, expected = part.partition("\n")
            asked = any(other.startswith("echo $?") for other in parts)
            self._run(command, any_status=asked)
            if not NETWORK.search(command):
                _compare(expected, self.last.output, whole=True)

    def _run(self, command: str, *, any_status: bool = False) -> None:
        if NETWORK.search(command):
            subprocess.run(["bash", "-n", "-c", command], check=True, capture_output=True, timeout=60)
            self.last = Done(0, "")
            return
        done = subprocess.run(
            ["bash", "-c", f"(exit {self.last.status}); {command}"],
            cwd=self.folder,
            env=_environment(self.folder, command),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        self.last = Done(done.returncode, done.stdout)
        allowed = (0, 1) if command.startswith(MAY_FAIL) else (0,)
        if not any_status and done.returncode not in allowed:
            raise Misleading(f"`{command}` ends with {done.returncode}:\n{done.stdout}")

    def _python(self, block: Block) -> None:
        code = compile(block.text, block.file or block.place, "exec")
        if not block.file:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed), contextlib.chdir(self.folder):
                exec(code, self.names)
            self.last = Done(0, printed.getvalue())

    def _pycon(self, block: Block) -> None:
        test = doctest.DocTestParser().get_doctest(block.text.replace("…", "..."), self.names, block.place, None, 0)
        assert test.examples, "there is no line that starts with >>>"
        printed = io.StringIO()
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE, verbose=False)
        failed = runner.run(test, out=printed.write, clear_globs=False).failed
        self.names.update(test.globs)
        assert not failed, printed.getvalue()

    # What is compared

    def _text(self, block: Block) -> None:
        assert self.last.output, "nothing was run that this could be the output of"
        _compare(block.text, self.last.output, whole=False)

    def _json(self, block: Block) -> None:
        document = json.loads(block.text)
        faults = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(document)]
        assert faults == []
        written = self.folder / "scorecards.json"
        if written.exists():
            assert _lasting(document) == _lasting(json.loads(written.read_text("utf-8")))

    # What is parsed

    def _ini(self, block: Block) -> None:
        configparser.ConfigParser().read_string(block.text)

    def _markdown(self, block: Block) -> None:
        assert block.file, "a block of Markdown shows a file; name it as the caption"

    def _files(self, block: Block) -> None:
        """Write every file that another page shows."""
        for shown in read_blocks(ROOT / "docs" / block.text.strip()):
            self._write(shown)

    def _yaml(self, block: Block) -> None:
        """Do the steps of a workflow of GitHub Actions, but for those that are actions."""
        workflow = yaml.safe_load(block.text)
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        commands = [step["run"] for step in steps if "run" in step]
        assert commands, "the workflow runs nothing"
        for command in commands:
            for line in _commands(command):
                self._run(line)


def _commands(text: str) -> Iterator[str]:
    """The commands of a script, one a line; a line that ends in a backslash goes on in the next."""
    for line in text.replace("\\\n", " ").splitlines():
        if shlex.split(line, comments=True):
            yield line


def _compare(expected: str, got: str, *, whole: bool) -> None:
    """Find lines in what a command said; … stands for any text in a line, or for any lines where it is alone."""
    wanted = [line.rstrip() for line in expected.strip("\n").splitlines()]
    lines = [line.rstrip() for line in got.strip("\n").splitlines()]
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "…" else _elided(line) + r"\n" for line in wanted)
    text = "".join(f"{line}\n" for line in lines)
    matches = re.fullmatch(pattern, text) if whole else re.search(rf"^{pattern}", text, re.MULTILINE)
    if not matches:
        raise Misleading(f"the page shows\n{expected}\nbut this is printed:\n{got}")


def _elided(line: str) -> str:
    return ".*".join(re.escape(part) for part in re.split(" *… *", line))


def _lasting(part: Any) -> Any:
    """The parts of a scorecard that are the same in every run and on every machine."""
    if isinstance(part, dict):
        changing = ("seconds", "versions", "solution")
        return {key: _lasting(value) for key, value in part.items() if key not in changing}
    return [_lasting(each) for each in part] if isinstance(part, list) else part


def _environment(folder: Path, command: str) -> dict[str, str]:
    """A terminal of eighty columns that shows UTF-8, and nothing that was set for the tests themselves.

    The tables of `mlkata` are shown as wide as they are, since a page has more room.
    """
    odd = ("PYTEST_", "COV_", "COVERAGE_", "GITHUB_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(odd)}
    for name in ("CI", "FORCE_COLOR", "NO_COLOR", "PY_COLORS", "PYTHONIOENCODING"):
        kept.pop(name, None)
    return {
        **kept,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "200" if command.startswith("mlkata ") else "80",
        "PYTHONUTF8": "1",
        "REPOSITORY": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
