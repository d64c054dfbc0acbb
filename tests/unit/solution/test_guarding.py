"""What a call may not do to its arguments and to the answers before it, the same in a process and without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pytest_mlkata.errors import CheckFailed, SubmissionRaised, SubmissionUnloadable
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.launcher import Zygote
from pytest_mlkata.solution.proxy import Handle, Solution, Stream, method

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOURCE = """
import numpy as np

def centre(X, y=None, *, w=None, **rest):
    for each in (X, y, w, *rest.values()):
        if each is not None and np.size(each) and np.ravel(each)[0] == 7:
            each[0] = 0
    return 1.0

def sort(x):
    x.sort()
    return x

def copies(x):
    x = x.copy()
    x[0] = 0
    return x

def same(x):
    return x

def refuses(x, error="ValueError"):
    x[0] = 9
    raise {"ValueError": ValueError, "Own": Own, "IndexError": IndexError}[error]("no")

class Own(ValueError):
    pass

def drop(values):
    values.pop()
    return 1

def rest_of(x, *others, flag=False):
    others[-1][0] = 9

def untie(nested):
    nested["a"][1][0] = 5

def consume(stream, x):
    return sum(stream) + x.sum()

def fill(model, x):
    model.kept = x
    return 1

class Model:
    def __init__(self, x=None):
        if x is not None:
            x[0] = 9

    def fit(self, X, y=None):
        X[0] = 9
        return self

    def partial_fit(self, X):
        X[0] = 9
        return self

    def __add__(self, x):
        x[0] = 9
        return 1

    def __call__(self, x):
        x[0] = 9
        return 1

    def refuse(self, x):
        x[0] = 9
        raise ValueError("no")

buffer = np.zeros(2)

def reuses(x):
    buffer[:] = x
    return buffer

history = []

def appends(x):
    history.append(x)
    return history

def nests(x):
    buffer[:] = x
    return {"out": (1, [buffer])}

def itself():
    inner = [1]
    inner.append(inner)
    return inner

class Odd:
    @property
    def __class__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

def odd():
    return [Odd(), (Odd(),)]
"""
NAMES = tuple(re.findall(r"^(?:def|class) (\w+)", SOURCE, re.MULTILINE))
PARAMETERS = {"centre": ("X", "y"), "sort": ("x",), "refuses": ("x", "error"), "rest_of": ("x",), "Model": ("x",)}
FREED = ("sort", "Model", "Model.partial_fit", "reuses")

MakeBackend = Callable[..., Backend]


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as started:
        yield started


@pytest.fixture(params=["process", "inprocess"])
def make(request: pytest.FixtureRequest, zygote: Zygote) -> Iterator[MakeBackend]:
    made: list[Backend] = []

    def make_one(source: str = SOURCE, unguarded: tuple[str, ...] = ()) -> Backend:
        process = request.param == "process"
        settings = {"name": "example", "unguarded": unguarded}
        made.append(Host(zygote, source, **settings) if process else InProcess(source, **settings))  # type: ignore[arg-type]
        return made[-1]

    yield make_one
    for backend in made:
        backend.close()


@pytest.fixture
def solution(make: MakeBackend) -> Solution:
    return Solution(make(), NAMES, parameters=PARAMETERS)


@pytest.fixture
def freed(make: MakeBackend) -> Solution:
    return Solution(make(unguarded=FREED), NAMES, parameters=PARAMETERS)


@pytest.fixture
def marked() -> NDArray[np.float64]:
    return np.array([7.0, 1.0])


def test_a_changed_argument_goes_by_the_name_of_the_stub(solution: Solution, marked: NDArray[np.float64]) -> None:
    with pytest.raises(CheckFailed) as caught:
        solution.centre(marked)
    assert str(caught.value) == (
        "centre changes X in place, which belongs to the caller: work on a copy, or make a new array"
    )
    with pytest.raises(CheckFailed, match=r"^centre changes y in place"):
        solution.centre(np.zeros(2), marked)
    assert marked.tolist() == [7, 1]


def test_a_changed_keyword_goes_by_its_name(solution: Solution, marked: NDArray[np.float64]) -> None:
    for name in ("y", "w", "other"):
        with pytest.raises(CheckFailed, match=f"^centre changes {name} in place"):
            solution.centre(np.zeros(2), **{name: marked})
    with pytest.raises(CheckFailed, match=r"^centre changes X in place"):
        solution.centre(w=np.zeros(2), X=marked)


def test_of_several_the_first_is_named(solution: Solution, marked: NDArray[np.float64]) -> None:
    with pytest.raises(CheckFailed, match=r"^centre changes X in place"):
        solution.centre(marked, marked, w=marked)


def test_what_the_stub_does_not_name_goes_by_its_place(solution: Solution) -> None:
    with pytest.raises(CheckFailed, match=r"^rest_of changes argument 3 in place"):
        solution.rest_of(1, 2, np.zeros(1), flag=True)
    with pytest.raises(CheckFailed, match=r"^untie changes argument 1 in place"):
        solution.untie({"a": (1, [2])})


def test_lists_belong_to_the_caller_too(solution: Solution) -> None:
    with pytest.raises(CheckFailed, match=r"^drop changes argument 1 in place"):
        solution.drop([1, 2])
    with pytest.raises(CheckFailed, match=r"^drop changes argument 1 in place"):
        solution.drop({1, 2})


@pytest.mark.parametrize("x", [np.array([3.0, 1.0]), np.array([[3.0, 1.0]], order="F"), np.arange(9, -1, -1)[::2]])
def test_any_layout_is_watched(solution: Solution, x: NDArray[np.float64]) -> None:
    with pytest.raises(CheckFailed, match=r"^sort changes x in place"):
        solution.sort(x)


def test_a_copy_may_be_changed_and_an_argument_be_the_answer(solution: Solution) -> None:
    x = np.array([np.nan, 2.0])
    assert solution.copies(x).tolist() == [0, 2]
    for _ in range(3):
        assert np.isnan(solution.same(x)[0])
    assert solution.sort(np.arange(3)).tolist() == [0, 1, 2]


def test_a_refusal_does_not_excuse_a_change(solution: Solution) -> None:
    for error in ("ValueError", "Own"):
        with pytest.raises(CheckFailed, match=r"^refuses changes x in place") as caught:
            solution.refuses(np.zeros(1), error)
        assert not isinstance(caught.value, ValueError)
    with pytest.raises(ValueError, match="no") as refused:
        solution.refuses(np.full(1, 9.0))
    assert isinstance(refused.value, SubmissionRaised)


def test_another_exception_says_more_than_a_change(solution: Solution) -> None:
    with pytest.raises(IndexError, match="IndexError: no"):
        solution.refuses(np.zeros(1), "IndexError")
    # So does an argument that is of no use.
    with pytest.raises(AttributeError, match="has no attribute 'sort'"):
        solution.sort(3)


def test_a_wrong_signature_is_still_told(solution: Solution) -> None:
    with pytest.raises(TypeError, match="`sort` cannot be called as the task says"):
        solution.sort(np.zeros(2), 3)


def test_a_read_only_array_raises_where_it_is_written_to(solution: Solution) -> None:
    x = np.array([2.0, 1.0])
    x.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        solution.sort(x)


def test_methods_are_watched(solution: Solution) -> None:
    model = solution.Model()
    assert isinstance(model, Handle)
    calls: tuple[Callable[[], object], ...] = (
        lambda: model.fit(np.zeros(2)),
        lambda: model.fit(X=np.zeros(2)),
        lambda: method(model, "__add__", np.zeros(2)),
        lambda: model(np.zeros(2)),
        lambda: model.refuse(np.zeros(2)),
    )
    said = []
    for call in calls:
        with pytest.raises(CheckFailed) as caught:
            call()
        said.append(str(caught.value).partition(" in place")[0])
    assert said == [
        "Model.fit changes argument 1",
        "Model.fit changes X",
        "Model.__add__ changes argument 1",
        "Model changes argument 1",
        "Model.refuse changes argument 1",
    ]
    with pytest.raises(CheckFailed, match=r"^Model changes x in place"):
        solution.Model(np.zeros(2))


def test_guards_can_be_taken_off(freed: Solution) -> None:
    assert freed.sort(np.array([2.0, 1.0])).tolist() == [1, 2]
    assert freed.call_keeping(1, "sort", [2, 1])[0] == 1
    with pytest.raises(CheckFailed, match=r"^drop changes argument 1 in place"):
        freed.call_keeping(1, "drop", [2, 1])
    model = freed.Model(np.zeros(2))
    assert isinstance(model.partial_fit(np.zeros(2)), Handle)
    assert isinstance(method(model, "partial_fit", np.zeros(2)), Handle)
    with pytest.raises(CheckFailed, match=r"^Model.fit changes argument 1"):
        model.fit(np.zeros(2))
    with pytest.raises(CheckFailed, match=r"^refuses changes x"):
        freed.refuses(np.zeros(1))


def test_streams_and_objects_are_not_arguments_that_change(solution: Solution) -> None:
    stream = Stream([1, 2, 3])
    assert solution.consume(stream, np.ones(2)) == 8
    assert solution.fill(solution.Model(), np.ones(2)) == 1


def test_an_answer_that_the_next_call_changes_is_told(solution: Solution) -> None:
    said = "when it is called again, changes the answer that it gave before: return a new array each time$"
    for name in ("reuses", "nests"):
        function = getattr(solution, name)
        function(1.0)
        function(1.0)
        with pytest.raises(CheckFailed, match=f"^{name}, {said}"):
            function(2.0)
    solution.appends(1)
    with pytest.raises(CheckFailed, match=f"^appends, {said}"):
        solution.appends(1)


def test_a_fresh_solution_has_given_no_answers(make: MakeBackend) -> None:
    backend = make()
    solution = Solution(backend, NAMES)
    for x in (1.0, 2.0):
        assert solution.reuses(x).tolist() == [x, x]
        backend.reset()


def test_what_may_change_its_arguments_may_use_a_buffer(freed: Solution) -> None:
    assert [freed.reuses(x).tolist() for x in (1.0, 2.0)] == [[1, 1], [2, 2]]


def test_an_answer_that_holds_itself_or_odd_objects_is_no_trouble(solution: Solution) -> None:
    for _ in range(2):
        with pytest.raises(SubmissionRaised, match="cannot be looked at: it is nested deeper"):
            solution.itself()
        first, (second,) = solution.odd()
        assert isinstance(first, Handle)
        assert isinstance(second, Handle)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("np.int(3)", "AttributeError: np.int is gone since NumPy 1.24; use Python's own int"),
        ("from numpy import float", "ImportError: np.float is gone since NumPy 1.24; use Python's own float"),
    ],
)
def test_a_name_that_numpy_has_given_up_is_told_in_a_sentence(make: MakeBackend, line: str, said: str) -> None:
    solution = Solution(make(f"import numpy as np\ndef f():\n    {line}\n"), ("f",))
    with pytest.raises((AttributeError, ImportError)) as caught:
        solution.f()
    assert str(caught.value) == f"{said} (line 3, in f: `{line}`)"


def test_so_it_is_where_the_solution_is_loaded(make: MakeBackend) -> None:
    solution = Solution(make("from numpy import int as whole\ndef f(): ...\n"), ("f",))
    with pytest.raises(SubmissionUnloadable, match=r"np\.int is gone since NumPy 1\.24; use Python's own int"):
        solution.f()
