"""The reference of `production_diagnosis`, and the promises of its generator, against oracles of their own."""

from __future__ import annotations

import importlib
import math
import sys
from collections import Counter
from fractions import Fraction
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import KATAS, reference_of
from scipy.special import bdtr  # type: ignore[import-untyped]
from scipy.stats import entropy  # type: ignore[import-untyped]

linear_model: Any = pytest.importorskip("sklearn.linear_model", reason="the extra `oracles` is not installed")

reference: Any = reference_of("production_diagnosis")


def hidden(name: str) -> ModuleType:
    """Import a module of the kata's hidden folder, by a package name of its own."""
    package = ModuleType("production_diagnosis_hidden")
    package.__path__ = [str(KATAS / "production_diagnosis" / "hidden")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module(f"{package.__name__}.{name}")


production: Any = hidden("production")
answers: Any = hidden("answers")
problems: Any = hidden("problems")

CASES = range(answers.CASES)


@settings(max_examples=200)
@given(problems.distributions())
def test_kl_agrees_with_scipy(pair: Any) -> None:
    p, q = (each.astype(float) for each in pair)
    few = any(each.dtype == np.float32 for each in pair)
    tolerance = 1e-5 if few else 1e-9
    np.testing.assert_allclose(reference.kl_divergence(*pair), entropy(p, q), rtol=tolerance, atol=tolerance)


@settings(max_examples=200)
@given(problems.labels())
def test_label_shift_agrees_with_counting(pair: Any) -> None:
    before, now = (Counter(each.tolist()) for each in pair)
    right = sum(abs(Fraction(before[k], len(pair[0])) - Fraction(now[k], len(pair[1]))) for k in before | now) / 2
    assert reference.label_shift(*pair) == pytest.approx(float(right), abs=1e-12)


@settings(max_examples=200)
@given(problems.tables())
def test_duplicate_rate_agrees_with_looking_at_all_pairs(pair: Any) -> None:
    train, test = pair
    found = [any(all(a == b for a, b in zip(row, other, strict=True)) for other in train) for row in test]
    assert reference.duplicate_rate(train, test) == pytest.approx(sum(found) / len(found), abs=1e-12)


@given(st.sampled_from(([-1.0, 2], [0.0, 0], [math.nan, 1], [1.0], [1.0, 2, 3])))
def test_kl_refuses_bad_input(bad: list[float]) -> None:
    good = np.array([1.0, 2.0])
    for pair in ((np.array(bad), good), (good, np.array(bad))):
        with pytest.raises(ValueError, match=r"distribution|values"):
            reference.kl_divergence(*pair)


def test_the_example_of_the_spec() -> None:
    assert reference.kl_divergence(np.array([1.0, 1, 0]), np.array([1.0, 2, 1])) == pytest.approx(math.log(2) / 2)
    assert reference.kl_divergence(np.array([1.0, 1]), np.array([1.0, 0])) == math.inf
    assert reference.label_shift(np.array([0, 0, 0, 1]), np.array([1, 2])) == pytest.approx(0.75)
    test = np.array([[2.0, 1], [3, 4], [3, 4], [1, 4]])
    assert reference.duplicate_rate(np.array([[1.0, 2], [3, 4]]), test) == pytest.approx(0.5)


# What the contract promises of every triple, measured anew on the arrays that a solution is given.


class Seen:
    """A triple as numbers."""

    def __init__(self, cause: str, seed: int) -> None:
        self.samples = production.triple(cause, seed)
        self.train, self.test, self.now = ({k: v.astype(float) for k, v in each.items()} for each in self.samples)

    def moves(self, of: dict[str, Any], to: dict[str, Any]) -> Any:
        """How far the means of the features move, in standard deviations."""
        return np.abs(to["X"].mean(0) - of["X"].mean(0)) / of["X"].std(0)

    def in_class(self, sample: dict[str, Any], label: int) -> Any:
        return sample["X"][sample["y"] == label]

    def widened(self) -> Any:
        width = [np.percentile(each["X"], 75, axis=0) - np.percentile(each["X"], 25, axis=0) for each in self.both]
        return width[1] / width[0]

    @property
    def both(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.train, self.now

    def fall(self) -> float:
        test, now = (float((each["y"] == each["y_pred"]).mean()) for each in (self.test, self.now))
        return test - now

    def copies(self) -> float:
        rows = {(*x, y) for x, y in zip(map(tuple, self.train["X"].tolist()), self.train["y"].tolist(), strict=True)}
        in_test = [
            (*x, y) in rows for x, y in zip(map(tuple, self.test["X"].tolist()), self.test["y"].tolist(), strict=True)
        ]
        return sum(in_test) / len(in_test)

    def rates(self) -> list[float]:
        return [float(each["y"].mean()) for each in (self.train, self.test, self.now)]


def is_like(a: Any, b: Any) -> bool:
    """Whether no feature tells two samples apart by its Kolmogorov-Smirnov distance, at a level of 3e-8."""
    for x, z in zip(np.sort(a.T), np.sort(b.T), strict=True):
        at = np.concatenate([x, z])
        distance = np.abs(np.searchsorted(x, at, "right") / len(x) - np.searchsorted(z, at, "right") / len(z)).max()
        if distance > 3 * math.sqrt(1 / len(x) + 1 / len(z)):  # 2 exp(-2 * 3**2) is 3e-8
            return False
    return True


@pytest.fixture(scope="module")
def seen() -> dict[str, list[Seen]]:
    return {cause: [Seen(cause, seed) for seed in CASES] for cause in production.CAUSES}


def test_every_triple_is_in_form(seen: dict[str, list[Seen]]) -> None:
    for case in (each for cases in seen.values() for each in cases):
        assert len({sample["X"].shape[1] for sample in case.samples}) == 1
        assert len({sample["X"].dtype for sample in case.samples}) == 1
        for sample in case.samples:
            n, d = sample["X"].shape
            assert 600 <= n <= 4000
            assert 2 <= d <= 6
            assert np.isfinite(sample["X"]).all()
            assert sample["y"].shape == sample["y_pred"].shape == (n,)
            assert {*sample["y"].tolist(), *sample["y_pred"].tolist()} <= {0, 1}
        assert all(0.07 <= rate <= 0.93 for rate in case.rates())


def test_rows_are_shared_by_leakage_only(seen: dict[str, list[Seen]]) -> None:
    for cause, cases in seen.items():
        for case in cases:
            assert case.copies() >= 0.3 if cause == "leakage" else case.copies() == 0
            assert case.copies() <= 0.91
            for sample in (case.train, case.now, *([case.test] if cause != "leakage" else [])):
                assert len({*map(tuple, sample["X"].tolist())}) == len(sample["X"]) or cause == "preprocessing_skew"
            assert not {*map(tuple, case.train["X"].tolist())} & {*map(tuple, case.now["X"].tolist())}


def test_training_and_test_are_alike(seen: dict[str, list[Seen]]) -> None:
    for case in (each for cases in seen.values() for each in cases):
        assert is_like(case.train["X"], case.test["X"])
        assert abs(case.rates()[0] - case.rates()[1]) < 0.15


def test_widths_change_by_another_unit_or_a_constant_only(seen: dict[str, list[Seen]]) -> None:
    for cause, cases in seen.items():
        for case in cases:
            widened = case.widened()
            if cause == "preprocessing_skew":
                (changed,) = np.flatnonzero((widened > 7) | (widened < 1 / 7))
                others = np.arange(len(widened)) != changed
                assert is_like(case.train["X"][:, others], case.now["X"][:, others])
            else:
                assert ((widened < 3) & (widened > 1 / 3)).all()


def test_nothing_else_moves_in_healthy_and_leakage(seen: dict[str, list[Seen]]) -> None:
    for case in (*seen["healthy"], *seen["leakage"]):
        assert is_like(case.train["X"], case.now["X"])
        assert all(is_like(*(case.in_class(sample, label) for sample in case.both)) for label in (0, 1))
        assert abs(case.rates()[0] - case.rates()[2]) < 0.15
    assert all(abs(case.fall()) < 0.15 for case in seen["healthy"])


def test_features_are_translated_in_covariate_shift(seen: dict[str, list[Seen]]) -> None:
    for case in seen["covariate_shift"]:
        moves = case.moves(*case.both)
        assert moves.max() >= 0.8
        assert moves.max() <= 2.3  # up to 2, but for what chance makes of a mean
        for x, z in zip(case.train["X"].T, case.now["X"].T, strict=True):
            assert is_like((x - x.mean())[:, None], (z - z.mean())[:, None])  # the shape stays
        within = [
            np.abs(case.in_class(case.now, c).mean(0) - case.in_class(case.train, c).mean(0)) / case.train["X"].std(0)
            for c in (0, 1)
        ]
        assert np.max(within) >= 0.3


def test_the_rule_stays_in_covariate_shift() -> None:
    # In a world with a linear rule, a model of the labels is as good on what is translated: its log loss says so.
    for seed in range(6):
        rng = np.random.default_rng((9, seed))
        world = production.World(rng, 4, linear=True)
        U, y, _ = world.sample(4000)
        V, z, _ = production.covariate_shift(world, 4000, 0.5)
        model = linear_model.LogisticRegression(C=1e6).fit(np.vstack([U, V]), np.concatenate([y, z]))
        for X, labels in ((U, y), (V, z)):
            p = model.predict_proba(X)[:, 1]
            assert abs((labels - p).mean()) < 6 * math.sqrt(float((p * (1 - p)).sum())) / len(p)


def test_classes_stay_in_label_shift(seen: dict[str, list[Seen]]) -> None:
    for case in seen["label_shift"]:
        before, test, now = case.rates()
        assert min(abs(now - before), abs(now - test)) >= 0.3
        assert all(is_like(*(case.in_class(sample, label) for sample in case.both)) for label in (0, 1))
        between = np.abs(case.in_class(case.train, 1).mean(0) - case.in_class(case.train, 0).mean(0))
        assert (between / case.train["X"].std(0)).max() >= 0.5


def test_features_stay_in_concept_drift(seen: dict[str, list[Seen]]) -> None:
    for case in seen["concept_drift"]:
        assert is_like(case.train["X"], case.now["X"])
        assert case.fall() >= 0.15


def test_the_whole_range_is_drawn(seen: dict[str, list[Seen]]) -> None:
    """What a diagnosis may stumble over occurs in every cause: otherwise a rule of thumb would do."""
    for cases in seen.values():
        sizes = [len(sample["X"]) for case in cases for sample in case.samples]
        assert min(sizes) < 620
        assert max(sizes) > 3500
        assert {case.train["X"].shape[1] for case in cases} == {2, 3, 4, 5, 6}
        kinds = {sample["y"].dtype.name for case in cases for sample in case.samples}
        assert kinds == {"int64", "int32", "bool", "uint8", "float64", "float32"}
        assert {case.samples[0]["X"].dtype.name for case in cases} == {"float64", "float32"}
        scales = np.concatenate([case.train["X"].std(0) for case in cases])
        assert scales.max() > 1e6 * scales.min()
    for cause in ("covariate_shift", "label_shift", "preprocessing_skew"):
        assert sum(case.fall() > 0.1 for case in seen[cause]) > 5, cause
    rates = {cause: [each.rates()[2] - each.rates()[0] for each in cases] for cause, cases in seen.items()}
    assert sum(move > 0 for move in rates["label_shift"]) in range(len(CASES) // 4, 3 * len(CASES) // 4)
    for cause in ("covariate_shift", "concept_drift"):
        assert sum(abs(move) > 0.2 for move in rates[cause]) > 5, cause
    assert sum(each.moves(*each.both).max() > 0.4 for each in seen["label_shift"]) > len(CASES) / 4
    assert sum(each.fall() > 0.1 for each in seen["leakage"]) > 5  # learned by heart


# How many must be named right.


def test_luck_fails_nobody_who_is_right_97_times_in_100() -> None:
    causes, cases = len(production.CAUSES), answers.CASES
    per_cause = 1 - bdtr(answers.missed_at_most(cases, answers.PER_CAUSE), cases, 0.03)
    overall = 1 - bdtr(answers.missed_at_most(causes * cases, answers.OVERALL), causes * cases, 0.03)
    assert causes * per_cause + overall < 2e-9
    exact = sum(math.comb(80, k) * 0.03**k * 0.97 ** (80 - k) for k in range(17, 81))
    assert per_cause == pytest.approx(exact, rel=1e-4)
    assert exact == pytest.approx(2.2e-10, rel=0.05)


def test_luck_saves_nobody_who_is_right_60_times_in_100() -> None:
    allowed = answers.missed_at_most(answers.CASES, answers.PER_CAUSE)
    assert bdtr(allowed, answers.CASES, 0.4) == pytest.approx(1.1e-4, rel=0.05)
    assert bdtr(allowed, answers.CASES, 0.5) < 1e-7


@pytest.mark.parametrize(("cases", "share", "most"), [(80, 0.8, 16), (480, 0.9, 48), (10, 0.75, 2), (3, 1.0, 0)])
def test_so_many_may_be_missed(cases: int, share: float, most: int) -> None:
    assert answers.missed_at_most(cases, share) == most


def test_the_reference_names_nearly_all_right() -> None:
    for cause in production.CAUSES:
        right = sum(reference.diagnose(*production.triple(cause, seed)) == cause for seed in range(1000, 1060))
        assert right >= 58, cause


def test_triples_depend_on_their_seed_alone() -> None:
    for cause in production.CAUSES:
        first, again, other = (production.triple(cause, seed) for seed in (3, 3, 4))
        for one, two in zip(first, again, strict=True):
            assert all(np.array_equal(one[key], two[key]) for key in ("X", "y", "y_pred"))
        assert first[0]["X"].shape != other[0]["X"].shape or not np.array_equal(first[0]["X"], other[0]["X"])
