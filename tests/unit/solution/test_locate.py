from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_mlkata.errors import SolutionPathError, SubmissionUnloadable
from pytest_mlkata.model import Submission
from pytest_mlkata.solution.locate import locate, locate_tests
from pytest_mlkata.solution.vet import vet


@pytest.fixture
def kata(tmp_path: Path) -> Path:
    folder = tmp_path / "katas" / "knn"
    folder.mkdir(parents=True)
    (folder / "stub.py").write_text("")
    return folder


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    folder = tmp_path / "solutions"
    folder.mkdir()
    return folder


def test_the_solutions_folder_is_where_a_solution_is_looked_for(kata: Path, solutions: Path) -> None:
    (solutions / "knn.py").write_text("")
    assert locate(kata, None, solutions) == Submission("knn", solutions / "knn.py")


def test_nothing_handed_in_is_the_stub(kata: Path, solutions: Path) -> None:
    stub = Submission("knn", kata / "stub.py", is_stub=True)
    assert locate(kata, None, solutions) == stub
    assert locate(kata, None, solutions / "absent") == stub


@pytest.mark.parametrize("only", [True, False])
def test_a_folder_in_the_place_of_the_solution_costs_that_kata(kata: Path, solutions: Path, *, only: bool) -> None:
    (solutions / "knn.py").mkdir()
    found = locate(kata, None, solutions, only=only)
    assert found == Submission("knn", solutions / "knn.py")
    with pytest.raises(SubmissionUnloadable, match=r"knn\.py: is a folder; a solution is a Python file of that name"):
        vet(found.path, ())


def test_a_named_file_comes_first_whatever_it_is_called(kata: Path, solutions: Path) -> None:
    (solutions / "knn.py").write_text("")
    (solutions / "mine.py").write_text("")
    assert locate(kata, solutions / "mine.py", solutions).path == solutions / "mine.py"


def test_a_named_folder_holds_the_file(kata: Path, solutions: Path, tmp_path: Path) -> None:
    (solutions / "knn.py").write_text("")
    assert locate(kata, solutions, tmp_path / "absent").path == solutions / "knn.py"
    assert locate(kata, solutions, tmp_path / "absent", only=False).path == solutions / "knn.py"


def test_the_path_is_resolved(kata: Path, solutions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (solutions / "knn.py").write_text("")
    (solutions / "link.py").symlink_to("knn.py")
    (tmp_path / "folder").symlink_to(solutions)
    monkeypatch.chdir(tmp_path)
    for given in (Path("solutions/link.py"), Path("folder"), Path("folder/link.py")):
        assert locate(kata, given, solutions).path == solutions / "knn.py"


def test_a_link_that_leads_out_of_its_folder_is_refused(kata: Path, solutions: Path) -> None:
    (solutions / "knn.py").symlink_to(kata / "stub.py")
    submission = locate(kata, None, solutions)
    assert (submission.path, submission.is_stub) == (solutions / "knn.py", False)
    with pytest.raises(SubmissionUnloadable, match=r"knn\.py: is a link to a file in another folder"):
        vet(submission.path, ())


def test_the_stub_named_as_the_solution_is_known_as_the_stub(kata: Path, solutions: Path) -> None:
    assert locate(kata, kata / "stub.py", solutions).is_stub


def test_a_missing_path_is_named_with_what_would_do(kata: Path, solutions: Path) -> None:
    with pytest.raises(SolutionPathError, match=r"nope.py does not exist; name a Python file, or a folder with knn.py"):
        locate(kata, solutions / "nope.py", solutions)


def test_a_missing_path_is_an_error_for_several_katas_too(kata: Path, solutions: Path) -> None:
    with pytest.raises(SolutionPathError, match="does not exist"):
        locate(kata, solutions / "nope", solutions, only=False)


def test_a_folder_without_the_file_is_an_error_for_one_kata_only(kata: Path, solutions: Path) -> None:
    with pytest.raises(SolutionPathError, match=r"solutions has no knn.py; name the file itself"):
        locate(kata, solutions, solutions)
    assert locate(kata, solutions, solutions, only=False).is_stub


def test_one_file_cannot_answer_several_katas(kata: Path, solutions: Path) -> None:
    (solutions / "knn.py").write_text("")
    with pytest.raises(SolutionPathError, match="is one file, but several katas are asked for"):
        locate(kata, solutions / "knn.py", solutions, only=False)


def test_what_is_neither_file_nor_folder_is_refused(kata: Path, solutions: Path) -> None:
    os.mkfifo(solutions / "pipe")
    with pytest.raises(SolutionPathError, match="pipe is neither a file nor a folder"):
        locate(kata, solutions / "pipe", solutions)


def test_a_name_that_the_system_refuses_does_not_exist(kata: Path, solutions: Path) -> None:
    with pytest.raises(SolutionPathError, match="does not exist"):
        locate(kata, Path("x" * 5000), solutions)
    assert locate(kata, None, solutions / ("x" * 5000)).is_stub


def test_tests_are_a_file_for_one_kata_or_a_folder_for_several(tmp_path: Path) -> None:
    one, two = tmp_path / "katas" / "one", tmp_path / "katas" / "two"
    file = tmp_path / "test_one.py"
    file.write_text("")
    assert locate_tests([one, two], None) == (None, None)
    assert locate_tests([one], file) == (file,)
    assert locate_tests([one, two], tmp_path) == (file, None)
    with pytest.raises(SolutionPathError, match=r"is one file of tests, but several katas are asked for"):
        locate_tests([one, two], file)
    with pytest.raises(SolutionPathError, match=r"has no test_two\.py"):
        locate_tests([two], tmp_path)
