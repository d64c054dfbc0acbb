"""Reports that the tests of every format render."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytest_mlkata.model import (
    Changes,
    Check,
    CheckResult,
    HintCount,
    Kata,
    Mistake,
    Report,
    Scorecard,
    Status,
    Submission,
    Versions,
)
from pytest_mlkata.own_tests import FailedTest, OwnTests
from pytest_mlkata.scoring import fold

ROOT = Path("/home/ada/interview")
VERSIONS = Versions(pytest_mlkata="0.1.0", python="3.11.7", numpy="2.4.6", hypothesis="6.170.17")
LOGISTIC = Kata("logistic_regression", Path("/katas/logistic_regression"), "Logistic regression", 1, "ml-coding", 40)
KNN = Kata(
    "nearest_neighbours", Path("/katas/nearest_neighbours"), "Nearest neighbours by hand", 5, "coding-algorithms", 30
)
BOOSTING = Kata("gradient_boosting", Path("/katas/gradient_boosting"), "Gradient boosting", 7, "ml-coding", 45)


def check(function: str, what: str, category: str = "correctness", points: int = 1, hint: str = "") -> Check:
    identity = f"test_{category}.py::test_{function}_{'_'.join(what.split()[:3])}"
    return Check(identity, category, function, f"{function} {what}", hint, points)


CHECKS = (
    check("sigmoid", "keeps the shape of its argument"),
    check("sigmoid", "maps logits to probabilities"),
    check("loss", "is the mean cross-entropy plus the penalty", points=2),
    check(
        "gradient",
        "agrees with finite differences of the loss",
        points=2,
        hint="Write the loss for one sample, differentiate by hand, then average: X.T @ (p - y) / n.",
    ),
    check("fit", "takes exactly n_iter steps from zero", points=2, hint="Both gradients belong to the same point."),
    check("sigmoid", "overflows nowhere", "edge_cases", hint="exp of a large positive number is inf."),
    check("loss", "is exact for large logits", "edge_cases", points=2, hint="Take it from the logits: log1p helps."),
    check("gradient", "refuses X and y of different length", "edge_cases"),
    check("fit", "leaves its arguments alone", "edge_cases"),
    check("gradient", "does no Python-level work per sample", "vectorization", points=2),
    check("gradient", "takes at most 10 × the reference", "timing"),  # noqa: RUF001
    check("fit", "takes at most 10 × the reference", "timing"),  # noqa: RUF001
)


def card(found: dict[int, CheckResult], kata: Kata = LOGISTIC, *, seed: int = 0, stub: bool = False) -> Scorecard:
    """Fold the results of the numbered checks; the others passed."""
    path = kata.stub if stub else ROOT / "solutions" / f"{kata.name}.py"
    results = {one.id: found.get(index, result(index, Status.PASSED)) for index, one in enumerate(CHECKS)}
    return fold(kata, Submission(kata.name, path, is_stub=stub), seed, CHECKS, results)


def result(index: int, status: Status, message: str = "", counterexample: str = "", output: str = "") -> CheckResult:
    return CheckResult(CHECKS[index], status, message, counterexample, output, 0.1234567)


def report(*cards: Scorecard, notes: tuple[str, ...] = ()) -> Report:
    return Report(cards, VERSIONS, notes)


def everything(status: Status, message: str) -> dict[int, CheckResult]:
    return {index: result(index, status, message) for index in range(len(CHECKS))}


FAILING = {
    3: result(
        3,
        Status.FAILED,
        "dw differs in 1 of 1 places, most at [0]:\n  got       0.5\n  expected  0.25\nallowed: 1e-07 relative",
        "X = array([[1.],\n           [0.]])\ny = array([0., 1.])\nw = array([0.])\nb = 0.0\nl2 = 0.0",
        "".join(f"step {step}\n" for step in range(1, 9)),
    ),
    4: result(4, Status.NOT_STARTED, "`fit` still raises NotImplementedError"),
    6: result(
        6,
        Status.ERROR,
        "FloatingPointError: overflow encountered in exp (line 12, in loss: `return np.log(1 + np.exp(z)).mean()`)",
        "X = array([[10000.]])",
    ),
    8: result(8, Status.NOT_STARTED, "`fit` still raises NotImplementedError"),
    10: result(10, Status.INCONCLUSIVE),
}

PASSING = report(card({10: result(10, Status.INCONCLUSIVE)}))
FAILING_REPORT = report(card(FAILING))
SYNTAX_ERROR = report(
    card(everything(Status.ERROR, "logistic_regression.py, line 3: SyntaxError: '(' was never closed"))
)
SAME_PROBLEM = report(
    card(
        {
            index: result(index, Status.ERROR, "ZeroDivisionError: division by zero (line 12, in fit: `return a / n`)")
            for index in (4, 5, 8)
        }
    )
)
STUB = report(card(everything(Status.NOT_STARTED, "`sigmoid` still raises NotImplementedError"), stub=True))
BROKEN = report(
    card(
        {6: result(6, Status.BROKEN, "hidden/test_edge_cases.py, line 31: the reference raised ValueError: no samples")}
    )
)
SELECTED = report(
    fold(
        LOGISTIC,
        Submission(LOGISTIC.name, ROOT / "mine" / "try two.py"),
        0,
        CHECKS,
        {CHECKS[index].id: result(index, Status.PASSED) for index in (3, 7)},
    )
)
SEVERAL = report(
    *FAILING_REPORT.scorecards,
    card({}, KNN),
    card(everything(Status.NOT_STARTED, "`sigmoid` still raises NotImplementedError"), BOOSTING, stub=True),
    replace(
        BROKEN.scorecards[0],
        kata="embeddings",
        title="Embeddings",
        question=9,
        solution=str(ROOT / "solutions" / "embeddings.py"),
    ),
    notes=("knn is found in /home/ada/interview/katas and in the package; the first is used",),
)
SURVEY = report(
    card({}, replace(KNN, name="ann_search", question=10)),
    replace(
        card(
            everything(Status.BLOCKED, "needs faiss; `pip install faiss`"),
            replace(KNN, name="large_index", title="A large index", question=10),
        ),
        needs="needs faiss; `pip install faiss`",
    ),
    card({}, replace(KNN, name="kmeans", title="K-means", question=None, round="ml-coding")),
    card({10: result(10, Status.NOT_RUN)}),
)
"""Of several questions and rounds; one kata needs what is not there."""
CHANGES = Changes(
    95,
    98,
    "@@ -12,3 +12,3 @@\n     z = X @ w + b\n-    return 1 / (1 + np.exp(z))\n+    return expit(z)",
    is_none=False,
)
REPAIRED = report(replace(FAILING_REPORT.scorecards[0], changes=CHANGES))
"""Of a stub that is a program with faults."""
UNCHANGED = report(replace(FAILING_REPORT.scorecards[0], changes=Changes(98, 98, "", is_none=True)))
HINTED = report(replace(FAILING_REPORT.scorecards[0], hints=HintCount(2, 9, ("sigmoid", "gradient"))))
BOTH_ONCE = Mistake(
    "b_after_w",
    "b is stepped with the gradient at the new w",
    "Both gradients belong to the point before the step.\nLook at one step by hand.",
)
NAMED = report(
    card(
        {
            3: replace(FAILING[3], mistake=BOTH_ONCE),
            4: replace(
                result(4, Status.FAILED, "b: expected 0.25, got 0.5 (off by 0.25)", "n_iter = 1"), mistake=BOTH_ONCE
            ),
            10: result(10, Status.BLOCKED, "blocked: gradient is not correct yet"),
            11: result(11, Status.BLOCKED, "blocked: fit is not correct yet"),
        }
    )
)
"""A known mistake that two functions show; it is explained once."""
OWN_TESTS = report(
    replace(
        FAILING_REPORT.scorecards[0],
        tests=OwnTests(
            path=str(ROOT / "test_logistic_regression.py"),
            tests=9,
            false_alarms=(
                FailedTest(
                    "TestFit::test_weights[0.5]",
                    "TypeError: can't multiply sequence by non-int of type 'float'",
                    "Loops over features, w as a list",
                ),
            ),
            rights=10,
            caught=21,
            mistakes=30,
            missed=("The gradient penalises b", "No samples: no ValueError"),
            failures=(
                FailedTest("test_loss", "assert nan == 10000.0\n +  where nan = loss(array([[10000.]]))"),
                FailedTest("TestFit::test_weights[0.5]", "NotImplementedError: `fit` is not written"),
            ),
            coverage=0.8125,
            missing=(12, 14, 15, 16),
            seconds=4.5678,
        ),
    )
)
SOUND_TESTS = report(
    replace(
        PASSING.scorecards[0],
        tests=OwnTests(
            str(ROOT / "test_logistic_regression.py"), 9, rights=10, caught=30, mistakes=30, failures=(), coverage=1.0
        ),
    )
)
UNFIT_TESTS = report(
    replace(
        STUB.scorecards[0],
        tests=OwnTests(str(ROOT / "test_x.py"), fault="test_x.py, line 1: SyntaxError: invalid syntax"),
    )
)
HOSTILE = report(
    card(
        {
            0: result(
                0,
                Status.ERROR,
                "[bold red]Error[/bold red]: [/] \x1b[31mred\x1b[0m \udc80 \x00 \u202egnp :smile: [link=x]y[/link]",
                "x = '\ud800\x07'",
                "a\rb\tc\x9b2J",
            )
        }
    )
)

REPORTS = {
    "passing": PASSING,
    "own_tests": OWN_TESTS,
    "sound_tests": SOUND_TESTS,
    "unfit_tests": UNFIT_TESTS,
    "failing": FAILING_REPORT,
    "syntax_error": SYNTAX_ERROR,
    "same_problem": SAME_PROBLEM,
    "stub": STUB,
    "broken": BROKEN,
    "selected": SELECTED,
    "several": SEVERAL,
    "survey": SURVEY,
    "repaired": REPAIRED,
    "hostile": HOSTILE,
    "hinted": HINTED,
    "named": NAMED,
}
