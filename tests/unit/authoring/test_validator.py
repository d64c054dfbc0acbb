from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from specimen_files import SPAN, put

from pytest_mlkata.authoring import validator
from pytest_mlkata.authoring.jobs import Jobs
from pytest_mlkata.authoring.mutants import Mutant
from pytest_mlkata.authoring.mutation import Fate, Mutation
from pytest_mlkata.authoring.scaffold import Wanted, write_skeleton
from pytest_mlkata.authoring.validation import Validation
from pytest_mlkata.authoring.validator import validate
from pytest_mlkata.errors import KataError
from pytest_mlkata.model import Scorecard, Status
from pytest_mlkata.session.request import RunRequest

RANK = "def rank(x):\n    return [sum(b < a for b in x) for a in x]\n"
CHECKS = "test_rank_counts_the_smaller, test_rank_of_equal_elements_is_equal, test_span_is_the_range"


def messages(validation: Validation, path: Path) -> list[str]:
    """What is said of one file; nothing may be said of others."""
    assert {finding.path for finding in validation.findings} <= {path}
    return [finding.message for finding in validation.findings]


def check(ranks: Path) -> Validation:
    return validate(ranks, isolation="none")


# Grading


def test_a_kata_that_tells_right_from_wrong_holds(ranks: Path) -> None:
    told: list[str] = []
    validation = validate(ranks, isolation="none", progress=lambda name, _done, _of: told.append(name))
    assert validation.holds
    assert [(proof.name, proof.result, proof.holds) for proof in validation.proofs] == [
        ("form", "in order", True),
        ("written", "nothing is left to be written", True),
        ("stub", "earns 0 of 4 points", True),
        ("right", "2 of 2 earn everything in 3 runs", True),
        ("wrong", "1 of 1 fail the checks in their caught_by", True),
        ("names", "0 of 1 mistakes of value are told by name", True),
        ("five runs", "3 of 3 are graded the same (3 in all five, all in two)", True),
        ("coverage", "100% of the reference is run", True),
        ("mutants", "11 of 11 are seen (100%)", True),
    ]
    assert list(dict.fromkeys(told)) == [proof.name for proof in validation.proofs]
    assert validation.remarks == ()
    runs = {each.specimen.label: (len(each.runs), len(each.repeated)) for each in validation.judgements}
    assert runs == {"stub": (1, 4), "reference": (3, 4), "right.sorting": (3, 0), "wrong.ties": (1, 4)}
    assert [run.seed for run in validation.judgements[1].runs] == [0, 1, 2]


def test_where_once_is_enough_each_solution_is_graded_once(ranks: Path) -> None:
    validation = validate(ranks, isolation="process", seed=7, once=True)
    assert validation.holds
    names = [proof.name for proof in validation.proofs]
    assert names == ["form", "written", "stub", "right", "wrong", "coverage", "mutants"]
    assert validation.proofs[3].result == "2 of 2 earn everything in 1 run"
    runs = [[(run.isolation, run.seed) for run in each.runs] for each in validation.judgements]
    assert runs == [[("process", 7)]] * 4
    assert [each.repeated for each in validation.judgements] == [()] * 4
    ran = {result.check.id: result.status for result in validation.judgements[-1].scorecard.results}
    assert ran == {
        "test_correctness.py::test_rank_counts_the_smaller": Status.NOT_RUN,
        "test_correctness.py::test_rank_of_equal_elements_is_equal": Status.FAILED,
        "test_correctness.py::test_span_is_the_range": Status.NOT_RUN,
    }


def test_once_finds_what_is_misjudged(ranks: Path) -> None:
    wrong = ranks / "hidden" / "wrong" / "ties.py"
    source, caught = wrong.read_text(encoding="utf-8"), "test_rank_of_equal_elements_is_equal"
    for named, said in (
        ("test_rank_counts_the_smaller", "is wrong, but test_rank_counts_the_smaller does not fail (passed; no check"),
        ("test_rank_of_nothing", "caught_by names test_rank_of_nothing, but no check is called that"),
    ):
        wrong.write_text(source.replace(caught, named), encoding="utf-8")
        (found,) = messages(validate(ranks, isolation="none", once=True), wrong)
        assert found.startswith(said)


@pytest.mark.usefixtures("quick")
def test_right_solutions_are_graded_in_isolation_and_without(ranks: Path) -> None:
    validation = validate(ranks, seed=5)
    assert validation.holds
    assert validation.checks == tuple(result.check for result in validation.judgements[0].scorecard.results)
    graded = {each.specimen.label: (each.scorecard.earned, each.scorecard.possible) for each in validation.judgements}
    assert graded == {"stub": (0, 4), "reference": (4, 4), "right.sorting": (4, 4), "wrong.ties": (3, 4)}
    assert [each.specimen.name for each in validation.judgements[2:]] == ["sorts a copy", "ties are not grouped"]
    runs = {each.specimen.label: [(run.isolation, run.seed) for run in each.runs] for each in validation.judgements}
    assert runs["right.sorting"] == runs["reference"] == [("process", 5), ("none", 5)]
    assert runs["stub"] == runs["wrong.ties"] == [("process", 5)]


@pytest.mark.usefixtures("quick")
def test_a_malformed_kata_is_not_graded(ranks: Path) -> None:
    put(ranks, "kata.toml", "format = 1\n")
    with pytest.raises(KataError, match=r"kata\.toml: the field `title` is missing"):
        check(ranks)


@pytest.mark.usefixtures("quick")
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
    validation = check(ranks)
    assert not validation.holds
    found = {path: [each.message for each in validation.findings if each.path == path] for path in ranks.rglob("*")}
    assert {path for path, said in found.items() if said} == {
        *(stub, right, banned, missed, other, unfinished, typo),
        ranks / "hidden" / "wrong",
    }
    (said,) = found[ranks / "hidden" / "wrong"]
    assert said.startswith("only 0 of 4 mistakes are told by name, not ")
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


@pytest.mark.usefixtures("quick")
def test_a_wrong_solution_that_fails_everything_for_one_reason_shows_nothing(ranks: Path) -> None:
    text = '"""ties\n\nWhy."""\ncaught_by = ("test_span_is_the_range",)\nimport sklearn\n'
    path = put(ranks, "hidden/wrong/ties.py", text)
    (message,) = messages(check(ranks), path)
    assert message.startswith(
        "fails every check for one reason (ties.py, line 5: imports sklearn, which this kata bans"
    )
    assert message.endswith("; mend it, or it shows nothing")


@pytest.mark.usefixtures("quick")
def test_a_name_that_is_near_no_check_gets_the_list(ranks: Path) -> None:
    path = put(ranks, "hidden/wrong/ties.py", f'"""ties\n\nWhy."""\ncaught_by = ("nonsense",)\n{SPAN}{RANK}')
    assert messages(check(ranks), path) == [
        f"caught_by names nonsense, but no check is called that; there are: {CHECKS}"
    ]


@pytest.mark.usefixtures("quick")
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
        found = messages(check(ranks), path)
        assert bool(found) is not held
        assert all(said.startswith(f"is wrong, but {wanted} does not fail (passed;") for said in found)


@pytest.mark.usefixtures("quick")
def test_what_fails_beyond_caught_by_is_counted(ranks: Path) -> None:
    text = (ranks / "hidden" / "wrong" / "ties.py").read_text()
    put(ranks, "hidden/wrong/ties.py", text.partition("def span")[0] + "def span(x):\n    return -1\n")
    (wrong,) = [proof for proof in check(ranks).proofs if proof.name == "wrong"]
    assert wrong.result == "1 of 1 fail the checks in their caught_by, and others 1 time (-v lists them)"


@pytest.mark.usefixtures("quick")
def test_a_broken_kata_is_said_once(ranks: Path) -> None:
    put(ranks, "hidden/test_edge_cases.py", "def (:\n")
    validation = check(ranks)
    (said,) = messages(validation, ranks / "hidden")
    assert said.startswith("the kata is broken, so nothing can be graded: ")
    assert "test_edge_cases.py, line 1: SyntaxError" in said
    assert not validation.holds


@pytest.mark.usefixtures("quick")
def test_nothing_more_is_proved_where_the_reference_fails_a_check(ranks: Path) -> None:
    put(ranks, "hidden/reference.py", f'"""Wrong."""\n{RANK}def span(x):\n    return 0\n')
    validation = check(ranks)
    (said,) = messages(validation, ranks / "hidden")
    assert said.startswith("the kata is broken, so nothing can be graded: test_correctness.py::test_span_is_the_range")
    assert [(proof.name, proof.result, proof.holds) for proof in validation.proofs] == [
        ("form", "in order", True),
        ("written", "nothing is left to be written", True),
        ("stub", "earns 0 of 4 points", True),
        ("right", "not graded", False),
    ]
    assert (validation.coverage, validation.mutation, validation.remarks) == (None, None, ())


def test_a_reference_that_fails_for_another_seed_breaks_the_kata(ranks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = iter(range(9))
    grade = Jobs.grade

    def broken_later(jobs: Jobs, request: RunRequest) -> tuple[Scorecard, ...]:
        cards = grade(jobs, request)
        return tuple(replace(card, broken="oh") for card in cards) if next(count) == 2 else cards

    monkeypatch.setattr(Jobs, "grade", broken_later)
    assert messages(check(ranks), ranks / "hidden") == [
        "the kata is broken, so nothing can be graded: oh (with seed 1)"
    ]


@pytest.mark.usefixtures("quick")
def test_nothing_is_learned_from_a_reference_that_loses_points(ranks: Path) -> None:
    toml = (ranks / "kata.toml").read_text()
    put(ranks, "kata.toml", f'{toml.partition("[")[0]}ban = ["bisect"]\n')
    path = put(ranks, "hidden/reference.py", f'"""Borrows."""\nimport bisect\n{SPAN}{RANK}')
    validation = check(ranks)
    (said,) = messages(validation, path)
    assert said.startswith("is right, but loses test_rank_counts_the_smaller, ")
    names = [proof.name for proof in validation.proofs]
    assert names == ["form", "written", "stub", "right", "wrong", "names", "five runs"]
    assert (validation.coverage, validation.mutation, validation.remarks) == (None, None, ())


@pytest.mark.usefixtures("quick")
def test_a_solution_is_not_misjudged_for_what_its_file_says(ranks: Path) -> None:
    put(ranks, "hidden/reference.py", f'"""Ranks."""\n# WRITE: the answer\n{SPAN}{RANK}')
    put(ranks, "hidden/right/sorting.py", f"{SPAN}{RANK}")
    validation = check(ranks)
    assert len(validation.findings) == 2
    assert [each.findings for each in validation.judgements] == [()] * 4


@pytest.mark.usefixtures("quick")
def test_nothing_more_is_said_of_a_kata_that_does_not_load(ranks: Path) -> None:
    put(ranks, "hidden/test_correctness.py", "def (:\n")
    validation = check(ranks)
    assert [proof.name for proof in validation.proofs] == ["form", "written", "stub"]
    assert validation.proofs[-1].result == "not graded"
    assert validation.checks == ()


@pytest.mark.usefixtures("quick")
def test_what_is_not_run_of_the_reference_is_to_be_mended(ranks: Path) -> None:
    path = put(
        ranks,
        "hidden/reference.py",
        f"{RANK}def span(x):\n    if not x:\n        return 0\n    return max(x) - min(x)\n",
    )
    validation = check(ranks)
    assert messages(validation, path) == ["line 5 is never run by the checks; add a check that needs it, or remove it"]
    assert validation.coverage is not None
    assert validation.coverage.missing_lines == (5,)


@pytest.mark.usefixtures("quick")
def test_a_check_that_nothing_wrong_fails_is_remarked(ranks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fate = Fate(Mutant("m", "span", 3, "", ""), "test_correctness.py::test_span_is_the_range")
    monkeypatch.setattr(validator, "mutate", lambda *_, **__: Mutation((fate,), ()))
    validation = check(ranks)
    assert validation.holds
    (remark,) = validation.remarks
    assert remark.path == ranks / "hidden" / "test_correctness.py"
    assert remark.message.startswith(
        "no wrong solution fails test_rank_counts_the_smaller, and no mutant failed it before another check; add a"
    )


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("survivors", [1, 2])
def test_mutants_that_nothing_sees_are_remarked_while_enough_are_seen(
    ranks: Path, monkeypatch: pytest.MonkeyPatch, survivors: int
) -> None:
    seen = [Fate(Mutant(f"s{n}", "span", n, "", ""), "test_correctness.py::test_span_is_the_range") for n in range(20)]
    kept = [Fate(Mutant(f"span: {n} -> 9", "span", n, f"{n} -> 9", ""), "") for n in range(survivors)]
    same = Fate(Mutant("same", "span", 5, "1 -> 1.0", ""), "", "they are equal")
    monkeypatch.setattr(validator, "mutate", lambda *_, **__: Mutation((*seen, *kept, same), ()))
    remarks = [each.message for each in check(ranks).remarks if each.path == ranks / "hidden" / "reference.py"]
    said = (
        "line 0: no check sees the change 0 -> 9; let a check see it, or record 'span: 0 -> 9' in "
        "hidden/equivalent.toml with the reason why none can"
    )
    assert remarks == ([said] if survivors == 1 else [])


@pytest.mark.usefixtures("quick")
def test_what_changes_from_run_to_run_is_found(ranks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validator, "RUNS", 2)
    count = ranks.parent / "count"
    count.write_text("")
    text = (ranks / "hidden" / "wrong" / "ties.py").read_text()
    body = f"""def span(x):
    with open({str(count)!r}, "a+") as file:
        file.write("x")
        return 0 if file.tell() > 2 else 4
"""
    path = put(ranks, "hidden/wrong/ties.py", text.partition("def span")[0] + body)
    (message,) = [each for each in messages(check(ranks), path) if "is not graded the same" in each]
    assert message.startswith("is not graded the same in 2 runs: test_span_is_the_range says passed, failed; let the ")


def test_a_fresh_skeleton_has_nothing_to_mend_but_what_is_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validator, "SEEDS", 1)
    monkeypatch.setattr(validator, "RUNS", 2)
    write_skeleton(Wanted("two_fold", tmp_path))
    validation = validate(tmp_path / "two_fold", isolation="none")
    assert [proof.name for proof in validation.proofs if not proof.holds] == ["written"]
    assert len(validation.proofs) == 9
    assert all(": still to be written: " in finding.message for finding in validation.findings)
