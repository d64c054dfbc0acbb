"""Writes the files that a run is asked for: one option and one format each."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_mlkata.errors import MlkataError
from pytest_mlkata.model import Report
from pytest_mlkata.report import json_, markdown

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable in which GitHub Actions names the file to which the parts of a step add what they have to say."""


@dataclass(frozen=True)
class _File:
    option: str
    path: Path
    write: Callable[[Path, Report], None]


def require_writable(config: pytest.Config) -> None:
    """Refuse, before the work and not after it, a report that cannot be written.

    Raises
    ------
    MlkataError
        A report cannot be written where the command line says; the message says why.
    """
    for file in _wanted(config):
        path, option = file.path, file.option
        try:
            if path.is_dir():
                raise MlkataError(f"{option}: {path} is a folder; name a file in it")
            if not path.parent.is_dir():
                raise MlkataError(f"{option}: there is no folder {path.parent}; make it, or name another file")
            if not os.access(path if path.exists() else path.parent, os.W_OK):
                raise MlkataError(f"{option}: {path} cannot be written; check its permissions, or name another file")
        except OSError as error:
            raise MlkataError(_unwritable(file, error)) from None


def write(config: pytest.Config, report: Report) -> str:
    """Write every file that the command line asks for; what cannot be written is said in the answer."""
    faults = []
    for file in _wanted(config):
        try:
            file.write(file.path, report)
        except OSError as error:
            faults.append(_unwritable(file, error))
    return "; ".join(faults)


def _wanted(config: pytest.Config) -> list[_File]:
    root, options = config.rootpath, config.option
    files = (
        ("--kata-json", options.kata_json, _write_json),
        ("--kata-markdown", options.kata_markdown, lambda path, report: _write_markdown(path, report, root)),
    )
    here = config.invocation_params.dir
    return [_File(option, here / path, write) for option, path, write in files if path is not None]


def _unwritable(file: _File, error: OSError) -> str:
    return f"{file.option}: {file.path} cannot be written: {error.strerror}; name another file"


def _write_json(path: Path, report: Report) -> None:
    path.write_text(json_.render(report), encoding="utf-8")


def _write_markdown(path: Path, report: Report, root: Path) -> None:
    """Replace the file, like any report; but add to the summary of a step, which others write, too."""
    summary = os.environ.get(STEP_SUMMARY)
    if not summary or path.resolve() != Path(summary).resolve():
        path.write_text(markdown.render(report, root=root), encoding="utf-8")
        return
    size = path.stat().st_size if path.exists() else 0
    apart = "\n" if size else ""
    text = markdown.render(report, root=root, limit=markdown.LIMIT - size - len(apart))
    with path.open("a", encoding="utf-8") as file:
        file.write(apart + text if text else "")
