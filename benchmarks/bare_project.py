"""Makes what grading is compared with: the checks of a kata as plain tests that call a solution in their own process.

What it has in common with ``pytest --kata``: the same check files, comparisons, strategies and numbers of examples, no
deadline, no database of examples and no explain phase, one thread. What it does not do: no process of its own for the
solution, no limits, no second call with the same arguments, no look whether arguments were changed, no scorecard.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from measuring import ALONE, KATA, PYTEST, ROOT, Case

PACKAGE = "checks"


def make(root: Path, solution: Path, kata: str = KATA) -> Path:
    """Make a project.

    Parameters
    ----------
    root
        Where; it must not exist yet.
    solution
        The file that is checked.
    kata
        The shipped kata whose checks they are.

    Returns
    -------
    Path
        The project.
    """
    package = root / PACKAGE
    package.mkdir(parents=True)
    (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (package / "__init__.py").write_text("", encoding="utf-8")
    for file in (ROOT / "katas" / kata / "hidden").glob("*.py"):
        shutil.copy(file, package)
    shutil.copy(Path(__file__).with_name("bare_conftest.py"), package / "conftest.py")
    shutil.copy(solution, package / "solution.py")
    return root


def case(root: Path, code: int) -> Case:
    """Return the run of a project made by `make`."""
    return Case([*PYTEST, *ALONE, "-p", "no:mlkata"], root, code=code)
