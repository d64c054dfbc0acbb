from __future__ import annotations

from pathlib import Path

import pytest
from specimen_files import put

from pytest_mlkata.authoring.form import form_findings, to_be_written
from pytest_mlkata.kata.discovery import bundled_folder
from pytest_mlkata.kata.manifest import load_kata

KATAS = sorted(path.parent for path in bundled_folder().glob("*/kata.toml"))
SPEC = """
    # Ranks and spans

    > "Rank them."

    ## What to write

    `rank(x)` and `span(x)`.

    ## An example

    ```python
    # not a title
    rank([1]) == [0]
    ```

    ## What the interviewer listens for

    - Ties.

    ## Follow-ups

    1. And then?
"""


def swap(ranks: Path, name: str, old: str, new: str) -> None:
    text = (ranks / name).read_text("utf-8")
    assert old in text
    (ranks / name).write_text(text.replace(old, new), encoding="utf-8")


def said(ranks: Path) -> list[tuple[str, str]]:
    findings = form_findings(load_kata(ranks))
    return [(finding.path.relative_to(ranks).as_posix(), finding.message) for finding in findings]


def only(ranks: Path, name: str) -> str:
    """The one thing that is said, which is of the file `name`."""
    ((path, message),) = said(ranks)
    assert path == name
    return message


@pytest.mark.parametrize("folder", KATAS, ids=lambda folder: folder.name)
def test_the_shipped_katas_are_in_form(folder: Path) -> None:
    kata = load_kata(folder)
    assert form_findings(kata) == ()
    assert to_be_written(kata) == ()


def test_a_kata_in_form(ranks: Path) -> None:
    assert said(ranks) == []


# Files


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("notes.txt", "is no part of a kata; a kata is kata.toml, spec.md, stub.py, hints.md and hidden/; take it out"),
        ("hint.md", "is no part of a kata; did you mean hints.md?"),
        ("hidden/data.csv", "is no part of a kata; hidden/ holds reference.py, test_*.py, modules that these import,"),
        ("hidden/equivalents.toml", "is no part of a kata; did you mean equivalent.toml?"),
        ("hidden/__init__.py", "is not needed, since hidden/ is a package without it; take it out"),
        ("hidden/problems.py", "is imported by no check; take it out, or call it test_… if it holds checks"),
        ("hidden/tests_correctness.py", "is imported by no check; did you mean test_correctness.py?"),
        ("hidden/wrong/notes.md", "is no solution; wrong/ holds one Python file for each, so take it out"),
    ],
)
def test_files_that_are_no_part_of_a_kata_are_refused(ranks: Path, name: str, message: str) -> None:
    put(ranks, name, "")
    assert only(ranks, name).startswith(message)


def test_a_folder_among_the_solutions_is_refused(ranks: Path) -> None:
    (ranks / "hidden" / "right" / "more.py").mkdir()
    assert only(ranks, "hidden/right/more.py").startswith("is no solution;")


def test_what_tools_leave_and_what_checks_import_is_let_through(ranks: Path) -> None:
    for name in ("__pycache__/a.pyc", ".DS_Store", "spec.md~", "hidden/__pycache__/b.pyc", "hidden/equivalent.toml"):
        put(ranks, name, "")
    put(ranks, "hidden/problems.py", "from .deeper import x\n")
    put(ranks, "hidden/deeper.py", "from .problems import y\nx = 1\n")
    put(ranks, "hidden/answers.py", "")
    check = (ranks / "hidden/test_correctness.py").read_text("utf-8")
    put(ranks, "hidden/test_correctness.py", f"from .problems import x\nfrom . import reference, answers\n{check}")
    assert said(ranks) == []


# The stub and its signatures


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"""Count, for every element of the list x, the smaller ones."""',
            "",
            "`rank` has no docstring; say what it takes and gives, with shapes such as (n, d)",
        ),
        ("for every element of the list x, ", "", "`rank` does not say what it takes and gives; name shapes"),
        (
            "NotImplementedError\n\n\ndef span",
            "ValueError\n\n\ndef span",
            "`rank` does more than a stub does; its body",
        ),
    ],
)
def test_a_stub_says_what_is_asked_and_does_nothing(ranks: Path, old: str, new: str, message: str) -> None:
    swap(ranks, "stub.py", old, new)
    line = (ranks / "stub.py").read_text("utf-8").splitlines().index("def rank(x):") + 1
    assert only(ranks, "stub.py").startswith(f"line {line}: {message}")


def test_a_shape_may_be_said_once_for_all_functions(ranks: Path) -> None:
    swap(ranks, "stub.py", '"""Ranks and spans."""', '"""Ranks and spans of x (n,)."""')
    swap(ranks, "stub.py", "for every element of the list x, ", "")
    assert said(ranks) == []


def test_a_stub_that_is_no_python_is_said_once(ranks: Path) -> None:
    put(ranks, "stub.py", "def f(:\n")
    message = next(message for path, message in said(ranks) if path == "stub.py")
    assert message.startswith("line 1: SyntaxError: ")
    assert [path for path, _ in said(ranks)] == ["stub.py"]


@pytest.mark.parametrize("name", ["hidden/reference.py", "hidden/right/sorting.py"])
@pytest.mark.parametrize(
    "signature", ["rank(y)", "rank(x, y)", "rank()", "rank(x=1)", "rank(x, /)", "rank(*, x)", "rank(*x)"]
)
def test_signatures_are_those_of_the_stub(ranks: Path, name: str, signature: str) -> None:
    swap(ranks, name, "rank(x)", signature)
    line = (ranks / name).read_text("utf-8").splitlines().index(f"def {signature}:") + 1
    message = f"line {line}: `{signature}` is not the stub's `rank(x)`; the two must be called alike"
    assert only(ranks, name) == message


@pytest.mark.parametrize("default", ["0.001", "'a'", "None", "float('inf')"])
def test_defaults_are_those_of_the_stub(ranks: Path, default: str) -> None:
    for name in ("stub.py", "hidden/reference.py", "hidden/right/sorting.py"):
        swap(ranks, name, "span(x)", f"span(x, eps={default})")
    assert said(ranks) == []
    swap(ranks, "hidden/right/sorting.py", f"eps={default}", "eps=2")
    assert f"`span(x, eps=2)` is not the stub's `span(x, eps={default})`" in only(ranks, "hidden/right/sorting.py")


def test_equal_defaults_may_be_written_otherwise(ranks: Path) -> None:
    swap(ranks, "stub.py", "span(x)", "span(x, n=1000)")
    swap(ranks, "hidden/reference.py", "span(x)", "span(x: list, n: int = 1e3)")
    swap(ranks, "hidden/right/sorting.py", "span(x)", "span(x, n=1_000)")
    assert said(ranks) == []


def test_right_solutions_may_have_options_of_their_own_and_the_reference_none(ranks: Path) -> None:
    swap(ranks, "hidden/right/sorting.py", "span(x)", "span(x, ends=2, *, quiet=True)")
    assert said(ranks) == []
    swap(ranks, "hidden/reference.py", "span(x)", "span(x, ends=2)")
    assert "`span(x, ends=2)` is not the stub's `span(x)`" in only(ranks, "hidden/reference.py")


@pytest.mark.parametrize(
    "text",
    [
        "from functools import partial\ndef _rank(x): return 1\nrank = partial(_rank)\ndef span(x): return 1",
        "from elsewhere import rank, span",
        "try:\n    from numpy import ptp as span\nexcept ImportError:\n    span = None\nrank = lambda x: 1",
        "def rank(*args, **kwargs): return 1\nspan = rank",
    ],
)
def test_functions_that_are_made_otherwise_are_let_through(ranks: Path, text: str) -> None:
    put(ranks, "hidden/right/sorting.py", f'"""another way"""\n{text}\n')
    assert said(ranks) == []


def test_every_function_is_defined(ranks: Path) -> None:
    put(ranks, "hidden/right/sorting.py", '"""half"""\ndef rank(x): return 1\n')
    assert only(ranks, "hidden/right/sorting.py") == (
        "does not define `span`, which the stub declares; the two must be called alike"
    )


MODEL = '''
    class Model:
        """Fits X (n, d)."""

        def __init__(self, rate=0.1):
            {0}

        def fit(self, X):
            """Return the model for X (n, d)."""
            {0}
'''


@pytest.fixture
def model(ranks: Path) -> Path:
    put(ranks, "stub.py", MODEL.format("raise NotImplementedError"))
    for name in ("hidden/reference.py", "hidden/right/sorting.py"):
        put(ranks, name, f'    """a model"""\n{MODEL.format("pass")}')
    put(ranks, "hints.md", "## Model\n\n### One\n\nHint.\n")
    put(ranks, "spec.md", SPEC.replace("`rank(x)` and `span(x)`", "`Model(rate=0.1)`"))
    return ranks


def test_classes_agree_in_their_constructor_and_their_public_methods(model: Path) -> None:
    assert said(model) == []
    swap(model, "hidden/reference.py", "rate=0.1", "rate=0.2")
    swap(model, "hidden/right/sorting.py", "fit(self, X)", "train(self, X)")
    constructor = "line 6: `Model.__init__(self, rate=0.2)` is not the stub's `Model.__init__(self, rate=0.1)`"
    assert said(model) == [
        ("hidden/reference.py", f"{constructor}; the two must be called alike"),
        (
            "hidden/right/sorting.py",
            "line 3: `Model` has no `fit`, which the stub declares; the two must be called alike",
        ),
    ]
    swap(model, "hidden/reference.py", "rate=0.2", "rate=0.1")
    swap(model, "hidden/right/sorting.py", "class Model:", "class Model(Base):")
    assert said(model) == []


# The spec and the hints


def test_code_in_a_spec_has_no_titles(ranks: Path) -> None:
    put(ranks, "spec.md", SPEC)
    assert said(ranks) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# Ranks and spans\n", "", "has no title; begin with `# ` and the name of the question"),
        ('> "Rank them."', "", "does not put the question; write it below the title, as an interviewer would say it"),
        (
            "## What to write",
            "## What to do",
            "has no section `## What to write`; rename `## What to do` to `## What to write`",
        ),
        (
            "## Follow-ups",
            "## Later",
            "has no section `## Follow-ups`; add it, with what an interviewer would ask next",
        ),
        ("- Ties.", "", "says nothing in `## What the interviewer listens for`; write what tells a good answer from"),
        ("rank([1]) == [0]", "rank(x)", "has no number in `## An example`; show a call and what comes of it"),
        (" and `span(x)`", "", "does not say in `## What to write` what `span` is to do; add a paragraph"),
    ],
)
def test_a_spec_has_its_sections(ranks: Path, old: str, new: str, message: str) -> None:
    assert old in SPEC
    put(ranks, "spec.md", SPEC.replace(old, new))
    assert only(ranks, "spec.md").startswith(message)


def test_there_are_hints_on_every_function(ranks: Path) -> None:
    put(ranks, "hints.md", "## rank\n\n### One\n\nHint.\n")
    assert only(ranks, "hints.md") == "has no hints on span; add a section `## span` with stages"
    put(ranks, "hints.md", "## rank\n\n### One\n")
    assert only(ranks, "hints.md").startswith("line 3: the stage `One` has no text")
    (ranks / "hints.md").unlink()
    assert only(ranks, "hints.md").startswith("there is no such file; write hints on every function: ")


# Checks and solutions


def test_every_check_has_a_hint(ranks: Path) -> None:
    swap(ranks, "hidden/test_correctness.py", "What of the two ends?", "")
    message = only(ranks, "hidden/test_correctness.py")
    assert message.endswith(
        "test_span_is_the_range has no hint; write below the property what a learner should look at"
    )
    assert message.startswith("line ")


def test_names_of_checks_are_unique(ranks: Path) -> None:
    check = 'def test_span_is_the_range(solution):\n    """again\n\n    Look.\n    """\n'
    put(ranks, "hidden/test_edge_cases.py", check)
    assert only(ranks, "hidden/test_edge_cases.py").startswith(
        "line 1: test_span_is_the_range is the name of another check, too (test_correctness.py, line "
    )


def test_solutions_are_told_apart_and_mistakes_explained(ranks: Path) -> None:
    put(ranks, "hidden/right/again.py", '"""Sorts a copy."""\ndef rank(x): pass\ndef span(x): pass\n')
    assert only(ranks, "hidden/right/sorting.py") == "has the same first line as again.py; say in what they differ"
    (ranks / "hidden/right/again.py").unlink()
    put(ranks, "hidden/wrong/ties.py", '"""ties"""\ncaught_by = ("test_span_is_the_range",)\n')
    assert only(ranks, "hidden/wrong/ties.py").startswith("does not explain the mistake; write below its name why")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("test_span_is_range", "caught_by names test_span_is_range, but no check is called that; did you mean test_sp"),
        (
            "nothing",
            "caught_by names nothing, but no check is called that; there are: test_rank_counts_the_smaller, te",
        ),
        ("test_edge_cases.py::test_span_is_the_range", "caught_by names test_edge_cases.py::test_span_is_the_range, "),
    ],
)
def test_caught_by_names_checks_that_exist(ranks: Path, wanted: str, message: str) -> None:
    swap(ranks, "hidden/wrong/ties.py", "test_rank_of_equal_elements_is_equal", wanted)
    assert only(ranks, "hidden/wrong/ties.py").startswith(message)


@pytest.mark.parametrize("name", ["test_correctness.py", "test_edge_cases.py"])
def test_no_name_is_missed_while_a_check_file_is_no_python(ranks: Path, name: str) -> None:
    swap(ranks, "hidden/wrong/ties.py", "test_rank_of_equal_elements_is_equal", "test_span_is_range")
    assert said(ranks) != []
    put(ranks, f"hidden/{name}", "def test_span_is_range(solution:\n")
    assert said(ranks) == []


@pytest.mark.parametrize("wanted", ["test_correctness.py::test_span_is_the_range", "test_span_is_the_range[1-2]"])
def test_caught_by_may_be_exact(ranks: Path, wanted: str) -> None:
    swap(ranks, "hidden/wrong/ties.py", "test_rank_of_equal_elements_is_equal", wanted)
    assert said(ranks) == []


def test_what_cannot_be_graded_is_left_to_the_grading(ranks: Path) -> None:
    put(ranks, "hidden/wrong/ties.py", "def f(:\n")
    put(ranks, "hidden/right/sorting.py", "def f(:\n")
    put(ranks, "hidden/test_edge_cases.py", "def f(:\n")
    assert said(ranks) == []


# What is left to write


def test_what_is_to_be_written_is_listed_apart(ranks: Path) -> None:
    swap(ranks, "spec.md", "counts what", "WRITE: what it counts\ncounts what")
    put(ranks, "hidden/problems.py", "# WRITE: the data\n")
    check = (ranks / "hidden/test_correctness.py").read_text("utf-8")
    put(ranks, "hidden/test_correctness.py", f"from . import problems\n{check}")
    left = to_be_written(load_kata(ranks))
    assert [(each.path.name, each.message.partition(": ")[2]) for each in left] == [
        ("problems.py", "still to be written: the data"),
        ("spec.md", "still to be written: what it counts"),
    ]
    assert left[0].message.startswith("line 1: ")
    assert said(ranks) == []
