"""Proves that a kata tells right from wrong: everything that `mlkata check` asks of it, in order.

Five runs have to agree. Right solutions are graded six times anyway, and must earn everything each time. The stub, the
reference and every wrong solution are graded once more, in the other order, spread over the processes otherwise, and
with examples that are drawn anew where the first run took those that are kept; a sample of them three times more. Five
runs of all would take longer than everything else, and what differs from run to run (a clock, chance, something that
one grading leaves to the next) differs for most.

Where once is enough, each solution is graded once, at one seed, a wrong one by the checks alone that it must fail, and
fewer mutants are tried.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pytest_mlkata.authoring.faults import fault_findings, is_fault
from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.form import form_findings, to_be_written
from pytest_mlkata.authoring.jobs import Jobs
from pytest_mlkata.authoring.judging import LOST, Judgement, Run, few_named, misnamed, unsteady, verdicts
from pytest_mlkata.authoring.mutants import MOST
from pytest_mlkata.authoring.mutation import Mutation, mutate
from pytest_mlkata.authoring.reach import reach
from pytest_mlkata.authoring.specimens import Specimen, read_specimens
from pytest_mlkata.authoring.validation import Proof, Validation, unseen
from pytest_mlkata.branches import Branches
from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.manifest import lacks, load_kata
from pytest_mlkata.kata.mistakes import name_of
from pytest_mlkata.model import Kata, Scorecard
from pytest_mlkata.scoring import plural
from pytest_mlkata.session.request import RunRequest

SEEDS = 3
RUNS = 5
FEW_MUTANTS = 50
"""So many are enough where each solution is graded once."""
SAMPLE = 4
"""Wrong solutions that are graded in all five runs."""

_GRADING = ("stub", "right", "wrong", "faults", "names", "five runs")
"""The proofs that find something of grades."""

Progress = Callable[[str, int, int], None]
"""Is told what is being proved, how many gradings of it are done, and of how many."""


def validate(
    folder: Path,
    *,
    isolation: str = "process",
    seed: int = 0,
    once: bool = False,
    jobs: int = 1,
    progress: Progress = lambda _name, _done, _of: None,
) -> Validation:
    """Prove that the kata in `folder` tells right from wrong.

    Parameters
    ----------
    folder
        The kata's folder.
    isolation
        Where the solutions run. Right ones are graded without isolation, too.
    seed
        What the examples are drawn from. Right solutions are graded with the two that follow, too.
    once
        Whether to grade each solution once instead, wrong ones by the checks alone that they must fail, to leave out
        that they are told by name and that runs agree, and to take a sample of the mutants.
    jobs
        The number of processes.
    progress
        Is told how far it is.

    Raises
    ------
    KataError
        The kata is malformed, or needs what this Python does not have.
    """
    kata = load_kata(folder)
    if missing := lacks(kata):
        raise KataError(f"{kata.folder}: {kata.name} {missing}")
    with Jobs(jobs, kata.folder) as pool:
        return _Proving(kata, pool, isolation, seed, once=once, progress=progress).all()


class _Proving:
    """One kata while it is proved."""

    def __init__(self, kata: Kata, jobs: Jobs, isolation: str, seed: int, *, once: bool, progress: Progress) -> None:
        self._kata = kata
        self._jobs = jobs
        self._isolation = isolation
        self._seed = seed
        self._once = once
        self._progress = progress
        self._specimens, self._declared = read_specimens(kata)
        self._runs: dict[Specimen, list[Run]] = {}
        self._repeated: dict[Specimen, list[Scorecard]] = {}
        self._coverage: Branches | None = None
        self._mutation: Mutation | None = None
        self._proofs: list[Proof] = []

    def all(self) -> Validation:
        """Prove one thing after the other; nothing more can be said of a kata that is broken."""
        steps: dict[str, Callable[[], tuple[str, Iterable[Finding]]]] = {
            "form": self._form,
            "written": self._written,
            "stub": self._stub,
            "right": self._right,
            "wrong": self._wrong,
        }
        if self._kata.faults:
            steps["faults"] = self._faults
        if not self._once:
            steps |= {"names": self._names, "five runs": self._five_runs}
        for name, step in steps.items():
            self._prove(name, step)
            if self._broken():
                break
        else:
            if not verdicts(self._kata, self._judgement(self._specimens[1])):
                # Of a reference that is wrong itself nothing can be learned this way.
                self._prove("coverage", self._reach)
                self._prove("mutants", self._mutants)
        return Validation(
            self._kata,
            self._isolation,
            self._seed,
            tuple(self._proofs),
            self._judgements(final=True),
            self._coverage,
            self._mutation,
            (*self._unused(), *unseen(self._kata, self._mutation)),
        )

    def _prove(self, name: str, step: Callable[[], tuple[str, Iterable[Finding]]]) -> None:
        began = time.perf_counter()
        self._progress(name, 0, 0)
        self._jobs.progress = lambda done, of: self._progress(name, done, of)
        result, findings = step()
        self._proofs.append(Proof(name, result, time.perf_counter() - began, tuple(dict.fromkeys(findings))))

    # The proofs

    def _form(self) -> tuple[str, Iterable[Finding]]:
        findings = tuple(dict.fromkeys([*form_findings(self._kata), *self._declared]))
        return (plural(len(findings), "thing") + " to mend" if findings else "in order"), findings

    def _written(self) -> tuple[str, Iterable[Finding]]:
        left = to_be_written(self._kata)
        return f"{plural(len(left), 'thing')} left to be written" if left else "nothing is left to be written", left

    def _stub(self) -> tuple[str, Iterable[Finding]]:
        stub = self._specimens[0]
        self._grade([stub])
        card = self._runs[stub][0].scorecard
        result = "not graded" if card.broken else f"earns {card.earned} of {plural(card.possible, 'point')}"
        return result, verdicts(self._kata, self._judgement(stub))

    def _right(self) -> tuple[str, Iterable[Finding]]:
        right = [each for each in self._specimens if each.is_right]
        isolations = dict.fromkeys([self._isolation, *([] if self._once else ["none"])])
        for isolation in isolations:
            for seed in range(self._seed, self._seed + (1 if self._once else SEEDS)):
                self._grade(right, isolation, seed)
                if self._broken():
                    return "not graded", self._broken()
        judged = [verdicts(self._kata, self._judgement(each)) for each in right]
        runs = plural(len(self._runs[right[0]]), "run")
        return f"{judged.count(())} of {len(right)} earn everything in {runs}", sum(judged, ())

    def _wrong(self) -> tuple[str, Iterable[Finding]]:
        wrong = [each for each in self._specimens if each.kind == "wrong"]
        self._grade(wrong)
        judgements = [self._judgement(each) for each in wrong]
        judged = [verdicts(self._kata, each) for each in judgements]
        more = 0 if self._once else sum(len(each.extra) for each in judgements)
        also = f", and others {plural(more, 'time')} (-v lists them)" if more else ""
        return f"{judged.count(())} of {len(wrong)} fail the checks in their caught_by{also}", sum(judged, ())

    def _faults(self) -> tuple[str, Iterable[Finding]]:
        stub = self._judgement(self._specimens[0]).scorecard
        left = [each for each in self._specimens if is_fault(each)]
        # Whole: what fails for no other one is to be seen.
        cards = dict(self._cards(left, self._isolation, self._seed, diagnose=False, whole=True))
        findings = fault_findings(self._kata, stub, cards)
        told = len(cards) - len({finding.path for finding in findings} & {each.path for each in cards})
        return f"{told} of {self._kata.faults} are told from each other by a check of their own", findings

    def _names(self) -> tuple[str, Iterable[Finding]]:
        judgements = self._judgements()
        (named, counted), findings = few_named(self._kata, judgements)
        return f"{named} of {counted} mistakes of value are told by name", [
            *(finding for judgement in judgements for finding in misnamed(judgement)),
            *findings,
        ]

    def _five_runs(self) -> tuple[str, Iterable[Finding]]:
        repeated = [each for each in self._specimens if each.kind != "right"]
        wrong = [each for each in repeated if each.kind == "wrong"]
        sample = [*repeated[:2], *wrong[:: -(-len(wrong) // SAMPLE) or 1]]
        further = [sample[:: (-1) ** number] for number in range(2, RUNS)]
        again = [*repeated[::-1], *(each for chosen in further for each in chosen)]
        # Together, for each request has to load the checks.
        for specimen, card in self._cards(again, self._isolation, self._seed, diagnose=False, keep=False):
            self._repeated.setdefault(specimen, []).append(card)
        findings = [finding for judgement in self._judgements() for finding in unsteady(judgement)]
        unlike = len({finding.path for finding in findings})
        kept = len(repeated) - unlike
        return f"{kept} of {len(repeated)} are graded the same ({len(sample)} in all five, all in two)", findings

    def _reach(self) -> tuple[str, Iterable[Finding]]:
        found = reach(self._kata, seed=self._seed)
        self._coverage = found.branches
        result = f"{found.branches.share:.0%} of the reference is run" if found.branches else "not seen"
        return result, found.findings

    def _mutants(self) -> tuple[str, Iterable[Finding]]:
        most = FEW_MUTANTS if self._once else MOST
        found = self._mutation = mutate(self._kata, self._jobs.grade, seed=self._seed, most=most)
        equivalent = len(found.fates) - found.counted
        also = f", {equivalent} are recorded as equivalent" if equivalent else ""
        return f"{found.killed} of {found.counted} are seen ({found.share:.0%}){also}", found.findings

    # What they have in common

    def _broken(self) -> tuple[Finding, ...]:
        """What has shown first that the kata itself is at fault, if something has."""
        for specimen, runs in self._runs.items():
            for run in runs:
                if run.scorecard.broken:
                    (found,) = verdicts(self._kata, Judgement(specimen, (run,), ()))
                    where = "" if run.seed == self._seed else f" (with seed {run.seed})"
                    return (Finding(found.path, found.message + where),)
        return ()

    def _grade(self, specimens: Sequence[Specimen], isolation: str = "", seed: int | None = None) -> None:
        """Grade specimens; names are looked for the first time only."""
        isolation, seed = isolation or self._isolation, self._seed if seed is None else seed
        first = not any(each in self._runs for each in specimens) and not self._once
        for specimen, card in self._cards(specimens, isolation, seed, diagnose=first):
            self._runs.setdefault(specimen, []).append(Run(isolation, seed, card))

    def _cards(
        self,
        specimens: Sequence[Specimen],
        isolation: str,
        seed: int,
        *,
        diagnose: bool,
        keep: bool = True,
        whole: bool = False,
    ) -> Iterable[tuple[Specimen, Scorecard]]:
        count: Counter[Specimen] = Counter()
        gradings = []
        for each in specimens:
            count[each] += 1
            only = each.caught_by if self._once and not whole else ()
            gradings.append(replace(each.grading(self._kata, count[each]), only=only))
        if not gradings:
            return ()
        # Nobody reads the counterexamples.
        request = RunRequest(
            tuple(gradings), isolation=isolation, seed=seed, shrink=False, diagnose=diagnose, keep=keep
        )
        return zip(specimens, self._jobs.grade(request), strict=True)

    def _judgement(self, specimen: Specimen) -> Judgement:
        return Judgement(specimen, tuple(self._runs[specimen]), tuple(self._repeated.get(specimen, ())))

    def _judgements(self, *, final: bool = False) -> tuple[Judgement, ...]:
        judgements = tuple(self._judgement(each) for each in self._specimens if each in self._runs)
        if not final:
            return judgements
        found = [finding for proof in self._proofs if proof.name in _GRADING for finding in proof.findings]
        return tuple(
            replace(each, findings=tuple(finding for finding in found if _concerns(finding, each)))
            for each in judgements
        )

    def _unused(self) -> list[Finding]:
        """The checks that nothing wrong has failed, as far as is known: a mutant ends with the first that sees it."""
        wrong = [each.scorecard for each in self._judgements() if each.specimen.kind == "wrong"]
        if self._mutation is None or not wrong or self._once:
            return []
        failed = {result.check.id for card in wrong for result in card.results if result.status in LOST}
        failed |= {fate.killed_by for fate in self._mutation.fates}
        return [
            Finding(
                self._kata.hidden / result.check.id.partition("::")[0],
                f"no wrong solution fails {name_of(result.check.id)}, and no mutant failed it before another check; "
                f"add a wrong solution that does, if the check asks for something that others do not",
            )
            for result in wrong[0].results
            if result.check.id not in failed
        ]


def _concerns(finding: Finding, judgement: Judgement) -> bool:
    # A kata that is broken is no fault of one of them, but none was graded.
    return finding.path == judgement.specimen.path or bool(judgement.scorecard.broken)
