"""Finding the file that is handed in for a kata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mlkata.errors import SolutionPathError
from pytest_mlkata.model import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def locate(kata: Path, given: Path | None, folder: Path, *, only: bool = True) -> Submission:
    """Find the submission for a kata.

    Parameters
    ----------
    kata
        The folder of the kata to be graded. It is not read: its manifest may be what is at fault.
    given
        What the user named: a file, or a folder with ``NAME.py``. It is used instead of `folder`.
    folder
        Where solutions are kept: ``NAME.py`` in it is taken where nothing is named.
    only
        Whether this is the only kata of the run. Then a named folder must hold its file; among several katas, those
        without a file are simply not begun.

    Returns
    -------
    Submission
        With a resolved path; the kata's stub, marked as such, where nothing is handed in. The path of a link that leads
        out of its folder is that of the link: `vet` refuses it, since it may lead to what its author must not see. It
        refuses a folder of that name, too: one such must not keep the other katas of the run from being graded.

    Raises
    ------
    SolutionPathError
        The named path cannot be what the user meant.
    """
    stub = (kata / "stub.py").resolve()
    path = folder / f"{kata.name}.py" if given is None else _chosen(kata, given, only=only)
    if _is_folder(path):
        return Submission(kata.name, path.absolute())
    if not _is_file(path):
        return Submission(kata.name, stub, is_stub=True)
    resolved = path.resolve()
    if path.is_symlink() and resolved.parent != path.parent.resolve():
        return Submission(kata.name, path.absolute())
    return Submission(kata.name, resolved, is_stub=resolved == stub)


def locate_tests(katas: Sequence[Path], given: Path | None) -> tuple[Path | None, ...]:
    """Find the tests that a learner has written for each of some katas.

    Parameters
    ----------
    katas
        The folders of the katas to be graded.
    given
        What the user named: a file, for one kata, or a folder with ``test_NAME.py``.

    Returns
    -------
    tuple
        For each kata a file, or None where there is none in the folder.

    Raises
    ------
    SolutionPathError
        The named path cannot be what the user meant.
    """
    if given is None:
        return (None,) * len(katas)
    files = [f"test_{kata.name}.py" for kata in katas]
    if _is_file(given):
        if len(katas) > 1:
            raise SolutionPathError(
                f"{given} is one file of tests, but several katas are asked for; name a folder with {files[0]} in it"
            )
        return (given.absolute(),)
    if not _is_folder(given):
        found = "is neither a file nor a folder" if _exists(given) else "does not exist"
        raise SolutionPathError(f"{given} {found}; name a file of tests, or a folder with {files[0]} in it")
    found_files = tuple((given / file).absolute() if _is_file(given / file) else None for file in files)
    if not any(found_files):
        raise SolutionPathError(f"{given} has no {files[0]}; name the file itself, or a folder with {files[0]} in it")
    return found_files


def _chosen(kata: Path, given: Path, *, only: bool) -> Path:
    """Follow the path that the user named, which must lead somewhere."""
    file = f"{kata.name}.py"
    if _is_file(given):
        if not only:
            raise SolutionPathError(
                f"{given} is one file, but several katas are asked for; name a folder with {file} in it"
            )
        return given
    if not _is_folder(given):
        found = "is neither a file nor a folder" if _exists(given) else "does not exist"
        raise SolutionPathError(f"{given} {found}; name a Python file, or a folder with {file} in it")
    if only and not _is_file(given / file):
        raise SolutionPathError(f"{given} has no {file}; name the file itself, or a folder with {file} in it")
    return given / file


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder on the way may not be entered, or the name is too long
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
