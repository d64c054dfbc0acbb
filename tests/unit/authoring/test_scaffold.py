from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlkata.authoring.form import form_findings, to_be_written
from pytest_mlkata.authoring.scaffold import Wanted, require_free, write_skeleton
from pytest_mlkata.authoring.validator import validate
from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.discovery import Catalog
from pytest_mlkata.kata.manifest import load_kata


def test_a_skeleton_is_in_form_and_says_in_every_file_what_is_to_be_written(tmp_path: Path) -> None:
    made = write_skeleton(Wanted("two_fold", tmp_path))
    assert sorted(made) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    kata = load_kata(tmp_path / "two_fold")
    assert form_findings(kata) == ()
    assert {finding.path for finding in to_be_written(kata)} == set(made)
    assert all(": still to be written: " in finding.message for finding in to_be_written(kata))


def test_a_skeleton_proves_itself(tmp_path: Path) -> None:
    write_skeleton(Wanted("two_fold", tmp_path))
    validation = validate(tmp_path / "two_fold", isolation="none")
    assert validation.findings == ()
    assert {judgement.specimen.kind for judgement in validation.judgements} == {"stub", "reference", "right", "wrong"}


def test_what_is_asked_for_stands_in_the_manifest(tmp_path: Path) -> None:
    write_skeleton(Wanted("two_fold", tmp_path / "new", question=7, round="applied-ml"))
    kata = load_kata(tmp_path / "new" / "two_fold")
    assert (kata.title, kata.question, kata.round) == ("Two fold", 7, "applied-ml")
    write_skeleton(Wanted("three_fold", tmp_path))
    kata = load_kata(tmp_path / "three_fold")
    assert (kata.question, kata.round) == (None, "ml-coding")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "two_fold").mkdir()
    with pytest.raises(KataError, match="two_fold is there already, and is kept as it is; choose another name"):
        write_skeleton(Wanted("two_fold", tmp_path))
    assert list((tmp_path / "two_fold").iterdir()) == []


def test_a_kata_holds_no_other(tmp_path: Path) -> None:
    write_skeleton(Wanted("two_fold", tmp_path))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(KataError, match="two_fold is a kata itself, and holds no other; name the folder that it is in"):
        write_skeleton(Wanted("three_fold", tmp_path / "two_fold"))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "katas").write_text("")
    with pytest.raises(KataError, match="cannot be written: Not a directory; check its place and permissions"):
        write_skeleton(Wanted("two_fold", tmp_path / "katas"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Two-Fold", "'Two-Fold'; write small letters, digits and underscores: two_fold, for instance"),
        ("2fold", "'2fold'; write small letters, digits and underscores"),
        ("../up", "'../up'; write small letters, digits and underscores: up, for instance"),
        ("", "''; write small letters"),
        ("_fold", "'_fold'; write small letters"),
        ("zweifältig", "'zweifältig'; write small letters, digits and underscores"),
        ("lambda", "'lambda', which is a word of Python; choose another name"),
        ("random", "'random': solutions/random.py would hide a module; choose another name"),
        ("numpy", "'numpy': solutions/numpy.py would hide a module"),
        ("sklearn", "'sklearn': solutions/sklearn.py would hide a module"),
        ("all", "'all': `pytest --kata all` means more; choose another name"),
        ("q3", "'q3': `pytest --kata q3` means more"),
        ("ml_coding", "'ml_coding': `pytest --kata ml_coding` means more"),
        ("ranks", "there is a kata ranks already, in /katas/ranks; choose another name"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name: str, said: str) -> None:
    with pytest.raises(KataError) as refused:
        require_free(name, Catalog({"ranks": Path("/katas/ranks")}))
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["two_fold", "k2", "x", "moving_average", "q3_again", "match"])
def test_other_names_are_free(name: str) -> None:
    require_free(name, Catalog({"ranks": Path("/katas/ranks")}))
