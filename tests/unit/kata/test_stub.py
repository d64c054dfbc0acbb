from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Function

STUB = '''
"""Trees."""

import numpy as np

LEAF = 3


def split(X, y, *, depth: int = 2, **rest) -> float:
    """Find the best split.

    More words.
    """
    raise NotImplementedError


def _helper():
    pass


class Tree:
    """A decision tree."""

    def __init__(self, depth=3, *, gain=(1, 2)):
        pass

    def fit(self, X, y):
        raise NotImplementedError


class Bare:
    pass


def quiet(): ...
'''


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    path = tmp_path / "stub.py"
    path.write_text(STUB, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(KataError) as caught:
        read_stub(path)
    assert str(caught.value).startswith(str(path))
    return str(caught.value).removeprefix(str(path))


def test_public_functions_and_classes_are_the_api_in_order(stub: Path) -> None:
    assert read_stub(stub) == (
        Function("split", "function", "split(X, y, *, depth: int=2, **rest)", "Find the best split.", 9, ("X", "y")),
        Function("Tree", "class", "Tree(depth=3, *, gain=(1, 2))", "A decision tree.", 21, ("depth",)),
        Function("Bare", "class", "Bare()", "", 31),
        Function("quiet", "function", "quiet()", "", 35),
    )


@pytest.mark.parametrize(
    ("text", "signature", "parameters"),
    [
        ("def f(a, /, b, *, c): ...", "f(a, /, b, *, c)", ("a", "b")),
        ("def f(a, *rest, c=1, **more): ...", "f(a, *rest, c=1, **more)", ("a",)),
        ("def f(self, x): ...", "f(self, x)", ("self", "x")),
        ("class f:\n    def __init__(self, a, b=2): ...", "f(a, b=2)", ("a", "b")),
        ("class f:\n    def __init__(self, /, a): ...", "f(a)", ("a",)),
        ("class f:\n    def __init__(self, a, /, b): ...", "f(a, /, b)", ("a", "b")),
        ("class f:\n    def __init__(*args): ...", "f(*args)", ()),
        ("class f:\n    def fit(self, X): ...", "f()", ()),
    ],
)
def test_parameters_are_those_that_can_be_given_by_position(
    stub: Path, text: str, signature: str, parameters: tuple[str, ...]
) -> None:
    stub.write_text(f"{text}\n")
    (function,) = read_stub(stub)
    assert (function.signature, function.parameters) == (signature, parameters)


def test_a_stub_is_not_run(stub: Path) -> None:
    stub.write_text("raise SystemExit\ndef f(): ...\n")
    assert [function.name for function in read_stub(stub)] == ["f"]


def test_a_syntax_error_names_file_and_line(stub: Path) -> None:
    stub.write_text("def f(:\n    pass\n")
    said = refusal(stub)
    assert said.startswith(", line 1: SyntaxError: ")
    assert said.endswith("; mend the stub")


@pytest.mark.parametrize("text", ["", "x = 1\n", "def _private(): ...\n", "class _Private: ...\n"])
def test_a_stub_declares_something(stub: Path, text: str) -> None:
    stub.write_text(text)
    assert refusal(stub) == ": declares no public function; the stub is the API that a learner fills in"


@pytest.mark.parametrize("content", [b"x = '\xff'\n", b"x = 1\0\n", b"(" * 100_000, b"# coding: nonsense\n"])
def test_what_python_cannot_read_is_refused(stub: Path, content: bytes) -> None:
    stub.write_bytes(content)
    assert refusal(stub).endswith("; mend the stub")


def test_a_missing_stub_is_said(stub: Path) -> None:
    stub.unlink()
    assert refusal(stub) == ": cannot be read: No such file or directory; check its permissions"


def test_a_byte_order_mark_or_another_declared_encoding_does_no_harm(stub: Path) -> None:
    stub.write_text('def f():\n    """Über."""\n', encoding="utf-8-sig")
    assert read_stub(stub)[0].summary == "Über."
    stub.write_text('# coding: latin-1\ndef f():\n    """Über."""\n', encoding="latin-1")
    assert read_stub(stub)[0].summary == "Über."


def test_an_odd_escape_is_no_error_where_warnings_are(stub: Path) -> None:
    stub.write_text('def f():\n    """\\alpha \\sigma"""\n')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [function.name for function in read_stub(stub)] == ["f"]
