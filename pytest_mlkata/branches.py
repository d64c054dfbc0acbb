"""Tells which lines and branches of a source were run, from what was seen of a run: the way coverage.py counts them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_FILE = "source.py"


@dataclass(frozen=True)
class Branches:
    """What of a source was run.

    Attributes
    ----------
    statements
        The lines that statements begin on.
    missing_lines
        Those of them that were not run.
    missing_branches
        Pairs of a line and of where it never went from there: a line, or a negative number where it never left the
        function or the module that begins on this line.
    total_branches
        How many ways there are to go on from lines with more than one.
    """

    statements: tuple[int, ...]
    missing_lines: tuple[int, ...]
    missing_branches: tuple[tuple[int, int], ...]
    total_branches: int

    @property
    def share(self) -> float:
        """The share of statements and branches that were run, from 0 to 1; 1 where there are none."""
        total = len(self.statements) + self.total_branches
        missing = len(self.missing_lines) + len(self.missing_branches)
        return 1 - missing / total if total else 1.0

    @property
    def is_whole(self) -> bool:
        """Whether everything was run."""
        return not (self.missing_lines or self.missing_branches)


def analyse(source: str, arcs: Iterable[tuple[int, int]]) -> Branches:
    """Compare the arcs of a run with those that are possible in `source`.

    Parameters
    ----------
    source
        What is in the file.
    arcs
        Pairs of lines that were run one after the other. Entering a function or a module that begins on line n is an
        arc from -n, leaving it one to -n.

    Raises
    ------
    SyntaxError
        The source is no Python.
    """
    compile(source, _FILE, "exec", dont_inherit=True)
    with TemporaryDirectory(prefix="mlkata-") as name:
        # Resolved, since coverage.py compares real paths.
        path = Path(name).resolve() / _FILE
        path.write_text(source, encoding="utf-8")
        measured = _report(path, set(arcs))
    missing = tuple(measured["missing_lines"])
    return Branches(
        statements=tuple(sorted({*measured["executed_lines"], *missing})),
        missing_lines=missing,
        missing_branches=tuple((start, end) for start, end in measured["missing_branches"]),
        total_branches=measured["summary"]["num_branches"],
    )


def _report(path: Path, arcs: set[tuple[int, int]]) -> dict[str, Any]:
    """Return what coverage.py's own report says of the file."""
    import coverage  # noqa: PLC0415 (nothing but this needs it, and it is not light)

    measuring = coverage.Coverage(data_file=None, config_file=False, branch=True)
    # An arc of no line, so that a file of which nothing was run is in the report too.
    measuring.get_data().add_arcs({str(path): arcs or {(-1, -1)}})
    written = path.with_suffix(".json")
    measuring.json_report([str(path)], outfile=str(written))
    # It is a database in memory, which nobody closes otherwise.
    measuring.get_data().close(force=True)
    files: dict[str, dict[str, Any]] = json.loads(written.read_text("utf-8"))["files"]
    (measured,) = files.values()
    return measured
