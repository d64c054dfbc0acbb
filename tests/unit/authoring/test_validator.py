from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.specimens import read_specimens
from pytest_mlkata.authoring.validator import Validation, validate
from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.manifest import load_kata

SPAN = "def span(x):\n    return max(x) - min(x)\n"
RANK = "def rank(x):\n    return [sum(b < a for b in x) for a in x]\n"
CHECKS = "test_rank_counts_the_smaller, test_rank_of_equal_elements_is_equal, test_span_is_the_range"


@pytest.fixture
def ranks(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Path:
    return write_ranks(tmp_path)


def put(ranks: Path, name: str, text: str) -> Path:
    path = ranks / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(dedent(text), encoding="utf-8")
    return path


def messages(validation: Validation, path: Path) -> list[str]:
    """What is said of one file; nothing may be said of others."""
    assert {finding.path for finding in validation.findings} <= {path}
    return [finding.message for finding in validation.findings]


# Grading


def test_a_kata_that_tells_right_from_wrong_holds(ranks: Path) -> None:
    validation = validate(ranks)
    assert validation.holds
    assert validation.findings == ()
    graded = {each.specimen.label: (each.scorecard.earned, each.scorecard.possible) for each in validation.judgements}
    assert graded == {"stub": (0, 4), "reference": (4, 4), "right.sorting": (4, 4), "wrong.ties": (3, 4)}
    assert [each.specimen.name for each in validation.judgements[2:]] == ["sorts a copy", "ties are not grouped"]


def test_the_same_holds_in_this_process(ranks: Path) -> None:
    assert validate(ranks, isolation="none").holds


def test_a_malformed_kata_is_not_graded(ranks: Path) -> None:
    put(ranks, "kata.toml", "format = 1\n")
    with pytest.raises(KataError, match=r"kata\.toml: the field `title` is missing"):
        validate(ranks)


def test_everything_that_is_misjudged_is_found_in_one_run(ranks: Path) -> None:
    stub = put(ranks, "stub.py", f'"""Too much."""\n{SPAN}\ndef rank(x):\n    raise NotImplementedError\n')
    right = put(ranks, "hidden/right/late.py", f'"""orders late"""\n{SPAN}\ndef rank(x):\n    return x\n')
    banned = put(ranks, "hidden/right/banned.py", f'"""borrows"""\nimport sklearn\n{SPAN}{RANK}')
    missed = put(
        ranks, "hidden/wrong/missed.py", f'"""nothing\n\nWhy."""\ncaught_by = ("test_span_is_the_range",)\n{SPAN}{RANK}'
    )
    other = put(
        ranks,
        "hidden/wrong/other.py",
        f'"""ranks\n\nWhy."""\ncaught_by = ["test_span_is_the_range"]\n{SPAN}def rank(x):\n    return x\n',
    )
    unfinished = put(ranks, "hidden/wrong/half.py", f'"""half\n\nWhy."""\ncaught_by = "test_span_is_the_range"\n{RANK}')
    typo = put(ranks, "hidden/wrong/typo.py", f'"""typo\n\nWhy."""\ncaught_by = ("test_span_is_range",)\n{SPAN}{RANK}')
    validation = validate(ranks)
    assert not validation.holds
    found = {path: [each.message for each in validation.findings if each.path == path] for path in ranks.rglob("*")}
    assert {path for path, said in found.items() if said} == {stub, right, banned, missed, other, unfinished, typo}
    said = found[stub][-1]
    assert said.startswith("earns 1 point as it is, in test_span_is_the_range; a stub earns nothing: let its functions")
    assert len(found[right]) == 2
    assert all(said.startswith("is right, but loses test_rank_") for said in found[right])
    assert all(said.endswith("); mend the solution or the check") for said in found[right])
    (said,) = found[banned]
    assert said.startswith(f"is right, but loses {CHECKS} (error: banned.py, line 2: imports sklearn, which ")
    (said,) = found[missed]
    assert said.startswith("is wrong, but test_span_is_the_range does not fail (passed; no check fails); let the check")
    (said,) = found[other]
    assert "(passed; test_rank_counts_the_smaller, test_rank_of_equal_elements_is_equal fails)" in said
    (said,) = found[unfinished]
    assert said.startswith("is wrong, but test_span_is_the_range does not fail (not started; no check fails)")
    (said,) = found[typo]
    assert (
        said == "caught_by names test_span_is_range, but no check is called that; did you mean test_span_is_the_range?"
    )


def test_a_wrong_solution_that_fails_everything_for_one_reason_shows_nothing(ranks: Path) -> None:
    text = '"""ties\n\nWhy."""\ncaught_by = ("test_span_is_the_range",)\nimport sklearn\n'
    path = put(ranks, "hidden/wrong/ties.py", text)
    (message,) = messages(validate(ranks), path)
    assert message.startswith(
        "fails every check for one reason (ties.py, line 5: imports sklearn, which this kata bans"
    )
    assert message.endswith("; mend it, or it shows nothing")


def test_a_name_that_is_near_no_check_gets_the_list(ranks: Path) -> None:
    path = put(ranks, "hidden/wrong/ties.py", f'"""ties\n\nWhy."""\ncaught_by = ("nonsense",)\n{SPAN}{RANK}')
    assert messages(validate(ranks), path) == [
        f"caught_by names nonsense, but no check is called that; there are: {CHECKS}"
    ]


def test_a_check_can_be_named_by_its_whole_id_and_by_its_parameters(ranks: Path) -> None:
    put(
        ranks,
        "hidden/test_edge_cases.py",
        '''
        import pytest
        from pytest_mlkata.checks import points

        @points(1)
        @pytest.mark.parametrize("x", [1, 2])
        def test_span_of_one(solution, x):
            """span of one element is 0

            Which is the largest, which the smallest?
            """
            assert solution.span([x]) == 0
        ''',
    )
    for wanted, held in {
        "test_span_of_one": True,
        "test_edge_cases.py::test_span_of_one[2]": True,
        "test_edge_cases.py::test_span_of_one[1]": False,
    }.items():
        text = f'"""two\n\nWhy."""\ncaught_by = ("{wanted}",)\n{RANK}def span(x):\n    return 4 * (x != [1])\n'
        path = put(ranks, "hidden/wrong/ties.py", text)
        found = messages(validate(ranks), path)
        assert bool(found) is not held
        assert all(said.startswith(f"is wrong, but {wanted} does not fail (passed;") for said in found)


def test_a_broken_kata_is_said_once(ranks: Path) -> None:
    put(ranks, "hidden/test_edge_cases.py", "def (:\n")
    validation = validate(ranks)
    (said,) = messages(validation, ranks / "hidden")
    assert said.startswith("the kata is broken, so nothing can be graded: ")
    assert "test_edge_cases.py, line 1: SyntaxError" in said
    assert not validation.holds


def test_a_reference_that_fails_a_check_breaks_the_kata(ranks: Path) -> None:
    put(ranks, "hidden/reference.py", f'"""Wrong."""\n{RANK}def span(x):\n    return 0\n')
    validation = validate(ranks)
    assert not validation.holds
    assert any("test_span_is_the_range" in finding.message for finding in validation.findings)
