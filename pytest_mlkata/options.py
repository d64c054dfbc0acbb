"""Command-line and ini options. Loaded by every pytest run on the machine: keep it light."""

from __future__ import annotations

from pathlib import Path

import pytest

ISOLATIONS = ("none", "process", "confined", "sandbox")
INI_PATHS = "kata_paths"
INI_SOLUTIONS = "kata_solutions"


def add(parser: pytest.Parser) -> None:
    """Register every option of the plugin."""
    group = parser.getgroup("mlkata", "katas (pytest-mlkata)")
    _add_choice(group)
    _add_reports(group)
    group.addoption(
        "--kata-isolation",
        choices=ISOLATIONS,
        default=None,
        help="where the solution runs: confined (default, on Linux), sandbox (in bubblewrap, too), process (with your "
        "rights), none (in this process, for --pdb)",
    )
    group.addoption(
        "--kata-seed", type=int, default=0, metavar="N", help="draw other examples; the same seed gives the same grade"
    )
    group.addoption(
        "--kata-fresh", action="store_true", help="try further examples, drawn anew each time (the seed is shown)"
    )
    group.addoption(
        "--kata-reveal", action="store_true", help="show the source of failing hidden checks, as pytest does"
    )
    # How the run inside the run is told what to do: see session/launch.py.
    group.addoption("--kata-run", dest="kata_run", default=None, metavar="JSON", help="(internal)")
    parser.addini(INI_PATHS, "folders that hold katas", type="paths", default=[])
    parser.addini(INI_SOLUTIONS, "the folder that holds solutions", default="solutions")


def _add_choice(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--kata",
        default=None,
        metavar="NAMES",
        help="grade katas: names, q1 … q12, a round, a tag or all; separated by commas",
    )
    group.addoption(
        "--kata-solution",
        type=Path,
        default=None,
        metavar="PATH",
        help="the file to grade, or a folder with NAME.py (default: solutions/)",
    )
    group.addoption(
        "--kata-tests",
        type=Path,
        default=None,
        metavar="PATH",
        help="grade your own tests, too: the file, or a folder with test_NAME.py",
    )
    group.addoption(
        "--kata-path", type=Path, action="append", default=[], metavar="DIR", help="another folder that holds katas"
    )


def _add_reports(group: pytest.OptionGroup) -> None:
    group.addoption("--kata-json", type=Path, default=None, metavar="FILE", help="write the scorecards to FILE as JSON")
    group.addoption(
        "--kata-markdown",
        type=Path,
        default=None,
        metavar="FILE",
        help="write the scorecards to FILE as Markdown (GitHub's step summary is added to)",
    )
