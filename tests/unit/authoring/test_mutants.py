"""Copies of a reference with one small change each."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from pytest_mlkata.authoring.mutants import Mutant, all_mutants, chosen, mutants_of


def changes(body: str, *, given: str = "x") -> list[str]:
    """The changes of a function with this body."""
    source = f"def f({given}):\n" + "".join(f"    {line}\n" for line in dedent(body).strip().splitlines())
    return [mutant.change for mutant in all_mutants(source, ["f"])]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x < y", ["x < y -> x <= y", "x < y -> x >= y"]),
        ("x >= 0", ["x >= 0 -> x > 0", "x >= 0 -> x < 0", "x >= 0 -> x >= 1"]),
        ("x == y", ["x == y -> x != y"]),
        ("x is y", ["x is y -> x is not y"]),
        ("x in y", ["x in y -> x not in y"]),
        ("x == 'macro'", ["x == 'macro' -> x != 'macro'", "x == 'macro' -> x == 'macro_'"]),
        ("x + y", ["x + y -> x - y", "x + y -> x"]),
        ("x / y", ["x / y -> x * y", "x / y -> x"]),
        ("x @ y", ["x @ y -> x * y"]),
        ("x & y", ["x & y -> x | y"]),
        ("x % y", ["x % y -> x // y"]),
        ("x and y", ["x and y -> x or y"]),
        ("y - -x", ["y - -x -> y + -x", "y - -x -> y", "y - -x -> y - x"]),
        (
            "x if not y else z",
            [
                "x if not y else z -> x if True else z",
                "x if not y else z -> x if False else z",
                "x if not y else z -> x if y else z",
            ],
        ),
        ("x[~y]", ["x[~y] -> x[y]"]),
        ("f(True)", ["f(True) -> f(False)"]),
        ("f(0.5)", ["f(0.5) -> f(1.0)"]),
        ("f(0.0)", ["f(0.0) -> f(1.0)"]),
        ("x[1:]", ["x[1:] -> x[:]", "x[1:] -> x[2:]"]),
        ("x[:-1]", ["x[:-1] -> x[:]", "x[:-1] -> x[:1]", "x[:-1] -> x[:-2]"]),
        ("x[:y]", ["x[:y] -> x[:]", "x[:y] -> x[:y + 1]"]),
        ("x[::2]", ["x[::2] -> x[:]", "x[::2] -> x[::3]"]),
        ("range(x)", ["range(x) -> range(x + 1)", "range(x) -> range(x - 1)", "range(x) -> x"]),
        ("g(x, y)", ["g(x, y) -> g(y, x)"]),
        ("g(x, x)", []),
        ("g(x, y, z)", ["g(x, y, z) -> g(y, x, z)", "g(x, y, z) -> g(x, z, y)"]),
        ("g(x, x, y)", ["g(x, x, y) -> g(x, y, x)"]),
        ("max(x, y, z)", ["max(x, y, z) -> min(x, y, z)"]),
        ("np.where(x, y, z)", ["np.where(x, y, z) -> np.where(x, z, y)"]),
        ("np.clip(x, y, z)", ["np.clip(x, y, z) -> np.clip(x, z, y)"]),
        ("x.clip(y, z)", ["x.clip(y, z) -> x.clip(z, y)"]),
        ("np.std(x, 1)", ["np.std(x, 1) -> np.std(x, 0)", "np.std(x, 1) -> np.std(x)", "np.std(x, 1) -> np.std(x, 2)"]),
        ("x.std(0)", ["x.std(0) -> x.std()", "x.std(0) -> x.std(1)"]),
        (
            "argsort(x, -1)",
            ["argsort(x, -1) -> argsort(x)", "argsort(x, -1) -> argsort(x, 1)", "argsort(x, -1) -> argsort(x, -2)"],
        ),
        ("np.std(x, 0, y)", ["np.std(x, 0, y) -> np.std(x, 1, y)"]),
        ("np.std(x, y)", ["np.std(x, y) -> np.std(y, x)"]),
        ("max(x, 1)", ["max(x, 1) -> min(x, 1)", "max(x, 1) -> max(x, 2)"]),
        ("x[:]", ["x[:] -> x"]),
        ("copy.copy(x)", ["copy.copy(x) -> x"]),
        ("copy.deepcopy(x)", ["copy.deepcopy(x) -> x"]),
        ("deepcopy(x)", ["deepcopy(x) -> x"]),
        ("x.deepcopy(y)", []),
        ("g(*x, y)", []),
        ("np.maximum(x, y)", ["np.maximum(x, y) -> np.minimum(x, y)"]),
        ("np.argmin(x)", ["np.argmin(x) -> np.argmax(x)", "np.argmin(x) -> x"]),
        (
            "x.max(axis=1, keepdims=True)",
            [
                "x.max(axis=1, keepdims=True) -> x.min(axis=1, keepdims=True)",
                "x.max(axis=1, keepdims=True) -> x.max(keepdims=True)",
                "x.max(axis=1, keepdims=True) -> x.max(axis=0, keepdims=True)",
                "x.max(axis=1, keepdims=True) -> x.max(axis=1)",
                "x.max(axis=1, keepdims=True) -> x",
                "axis=1 -> axis=2",
                "keepdims=True -> keepdims=False",
            ],
        ),
        ("x.copy()", ["x.copy() -> x"]),
        ("x.astype(y)", ["x.astype(y) -> x"]),
        ("np.array(x)", ["np.array(x) -> np.asarray(x)", "np.array(x) -> x"]),
        (
            "np.searchsorted(x, y, side='left')",
            [
                "np.searchsorted(x, y, side='left') -> np.searchsorted(y, x, side='left')",
                "np.searchsorted(x, y, side='left') -> np.searchsorted(x, y)",
                "np.searchsorted(x, y, side='left') -> np.searchsorted(x, y, side='right')",
            ],
        ),
        (
            "[a for a in x if a]",
            ["[a for a in x if a] -> [a for a in x]"],
        ),
        ("x if y else z", ["x if y else z -> x if True else z", "x if y else z -> x if False else z"]),
        ("g('text', f'{x}')", ["g('text', f'{x}') -> g(f'{x}', 'text')"]),
        ("'text' + x", []),
    ],
)
def test_expressions(expression: str, expected: list[str]) -> None:
    found = changes(f"g({expression}, *z)", given="x, y, z")
    assert sorted(found) == sorted([f"g({expression}, *z) -> pass", *expected])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = y\nx = z\nreturn x", ["x = y -> pass", "x = z -> pass", "return x -> return None"]),
        ("a = y\na += z", ["a += z -> pass", "a += z -> a -= z"]),
        ("a = y\nraise a", ["raise a -> pass"]),
        ("return x, y", ["return (x, y) -> return (y, x)"]),
        ("return None", []),
        ("if x: return", ["if x -> if True", "if x -> if False"]),
        ("while x: break", ["while x -> while False", "break -> continue"]),
        ("for a in x: continue", ["continue -> break"]),
        ("x[y] = z", ["x[y] = z -> pass"]),
        ("x[:] = z", ["x[:] = z -> pass"]),
        ("'''Docstring.'''\nassert x, 1 + 1", []),
        ("raise ValueError(f'{x + 1} of {2 * y}')", ["raise ValueError(f'{x + 1} of {2 * y}') -> pass"]),
        ("a: int = y", []),
    ],
)
def test_statements(body: str, expected: list[str]) -> None:
    assert sorted(changes(body, given="x, y, z")) == sorted(expected)


def test_a_default_is_changed() -> None:
    (mutant,) = all_mutants("def f(x, l2=0.0):\n    pass\n", ["f"])
    assert mutant.source == "def f(x, l2=1.0):\n    pass\n"
    assert mutant.change == "x, l2=0.0 -> x, l2=1.0"


def test_texts_that_no_check_reads_are_left_alone() -> None:
    source = '''
    """Docstring."""
    __all__ = ["f", "g"][:1]

    @decorated(1)
    def f(x: Array[2] = None) -> Array[3]:
        """Docstring."""

    class G:
        """Docstring."""
    '''
    assert all_mutants(dedent(source), ["f", "g"]) == ()


SOURCE = dedent(
    """\
    import numpy as np

    HALF = 0.5


    def f(x):
        return _helped(x)


    def g(x):
        return f(x)


    def h(x):
        return None


    def _helped(x):
        if x < 0:
            x = -x
        if x < 0:
            return h
        return x
    """
)


def test_mutants_compile_differ_and_are_in_the_order_of_lines() -> None:
    mutants = all_mutants(SOURCE, ["f", "g", "h"])
    assert len({mutant.source for mutant in mutants}) == len(mutants) > 8
    assert len({mutant.id for mutant in mutants}) == len(mutants)
    assert [mutant.line for mutant in mutants] == sorted(mutant.line for mutant in mutants)
    for mutant in mutants:
        assert ast.dump(ast.parse(mutant.source)) != ast.dump(ast.parse(SOURCE))


def test_a_mutant_says_where_it_is_and_who_uses_it() -> None:
    mutants = all_mutants(SOURCE, ["f", "g", "h"])
    (module,) = [mutant for mutant in mutants if mutant.function == "module"]
    assert (module.id, module.line, module.first) == ("module: 0.5 -> 1.0", 3, ())
    first = next(mutant for mutant in mutants if mutant.function == "_helped")
    assert first.first == ("f", "g")
    assert next(mutant for mutant in mutants if mutant.function == "f").first == ("f", "g")
    assert SOURCE.splitlines()[first.line - 1].strip() == "if x < 0:"


def test_ids_tell_equal_changes_apart_and_do_not_depend_on_lines() -> None:
    names = [mutant.id for mutant in all_mutants(SOURCE, [])]
    assert "_helped: x < 0 -> x <= 0" in names
    assert "_helped: x < 0 -> x <= 0 (2)" in names
    moved = '"""A docstring."""\n\n\n' + SOURCE.replace("HALF = 0.5\n", "HALF = 0.5\n# a comment\n")
    assert [mutant.id for mutant in all_mutants(moved, [])] == names


def test_of_too_many_the_same_ones_are_chosen_evenly() -> None:
    mutants = tuple(Mutant(str(number), "f", number, "", "") for number in range(10))
    assert [mutant.line for mutant in chosen(mutants, 5)] == [0, 2, 4, 6, 8]
    assert [mutant.line for mutant in chosen(mutants, 4)] == [0, 2, 5, 7]
    assert chosen(mutants, 10) == mutants


def test_few_mutants_are_all_graded() -> None:
    assert mutants_of(SOURCE, ["f"]) == all_mutants(SOURCE, ["f"])


def test_what_is_no_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        mutants_of("def f(:\n", [])
