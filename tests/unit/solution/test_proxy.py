"""What a check sees: functions, values, handles and streams, the same in a process and without."""

from __future__ import annotations

import builtins
import copy
import gc
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pytest_mlkata.errors import CheckFailed, NotStarted, SubmissionRaised, SubmissionStopped, SubmissionUnloadable
from pytest_mlkata.solution.backend import Backend
from pytest_mlkata.solution.confine import Confinement
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.inprocess import InProcess
from pytest_mlkata.solution.launcher import Zygote
from pytest_mlkata.solution.proxy import Handle, Made, Solution, Stream, listed, method

SOURCE = """
import builtins, collections, random
import numpy as np

def add(a, b=1):
    return a + b

def fill(X):
    X[0] = 7
    return X.sum()

def flags(X):
    return X.flags.c_contiguous, X.flags.f_contiguous, X.flags.writeable, X.flags.owndata

def todo(a):
    raise NotImplementedError

def divide(a):
    half = a / 2
    return half / 0

def throw(name, *arguments):
    raise getattr(builtins, name)(*arguments)

class Custom(KeyError):
    def __str__(self):
        return "no such key"

def custom():
    raise Custom("x")

def recurse(n):
    return recurse(n + 1)

class Model:
    kind = "linear"

    def __init__(self, slope=2):
        self.slope = slope

    def fit(self, X):
        self.mean_ = X.mean()
        return self

    def predict(self, X):
        return self.slope * X

    def untold(self):
        raise NotImplementedError

    def __len__(self):
        return 3

    def __add__(self, other):
        return Model(self.slope + other.slope)

    def __eq__(self, other):
        return True

    def __array__(self, *_):
        raise SystemExit

def slope_of(model):
    return model.slope

Total = collections.namedtuple("Total", "sum count")

def running(x, total):
    total = total or Total(0, 0)
    total = Total(total.sum + x, total.count + 1)
    return total.sum / total.count, total

def batches(n):
    for start in range(n):
        yield np.full(2, start)

def first_two(stream):
    return next(stream), next(stream)

def all_of(stream):
    return list(stream), list(stream)

def draw():
    return random.random(), np.random.rand()

Calls = collections.Counter()

def calls():
    Calls["calls"] += 1
    return Calls["calls"]

def everything():
    return [len, (Model(5),)]

def loop(X):
    total = 0
    for x in X:
        total += x
    return total

def named(name, handle=0, self=0):
    return name + handle + self

def burn(n):
    return sum(range(n))

def ban():
    import fractions
    return fractions

def fallback():
    try:
        import fractions
    except ImportError:
        return "own"

def large(*arrays):
    return [np.zeros(2**22 + 1), Model()]

def total(arrays):
    return sum(array.sum() for array in arrays)

def strict(x, total):
    if not isinstance(total, Total):
        raise TypeError("no total")
    return [x + 1 for x in x]

class Shelf:
    made = 0

    def __init__(self, items):
        Shelf.made += 1
        self.items = items

    def add(self, item):
        self.items = [*self.items, item]

    def scan(self, n):
        total = 0
        for item in self.items:
            total += isinstance(self, Shelf) * n
        return total

def shelves():
    return Shelf.made

def plain():
    return 1

def write(folder, texts):
    for number, text in enumerate(texts):
        with open(f"{folder}/{number}", "w") as file:
            file.write(text)
    return len(texts)

def clumsy():
    raise ValueError("no")

def leave():
    import os
    os._exit(3)

missing_is_none = None
"""

NAMES = ("gone", "ad", "missing_is_none", *re.findall(r"^(?:def|class) (\w+)", SOURCE, re.MULTILINE))


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote() as started:
        yield started


@pytest.fixture(params=["process", "inprocess"])
def backend(request: pytest.FixtureRequest, zygote: Zygote) -> Iterator[Backend]:
    made: Backend
    if request.param == "process":
        made = Host(zygote, SOURCE, name="example", banned=("fractions",))
    else:
        made = InProcess(SOURCE, name="example", banned=("fractions",))
    yield made
    made.close()


@pytest.fixture
def solution(backend: Backend, zygote: Zygote) -> Solution:
    def apart(file_bytes: int) -> Host:
        return Host(zygote, SOURCE, name="example", how=Confinement(file_bytes=file_bytes))

    return Solution(backend, NAMES, apart=apart)


def test_calls_by_position_and_keyword(solution: Solution) -> None:
    assert solution.add(2) == 3
    assert solution.add(2, b=5) == 7
    assert solution.add(np.arange(3.0), 1).tolist() == [1, 2, 3]


def test_undeclared_names_are_the_katas_fault(solution: Solution) -> None:
    with pytest.raises(AttributeError, match="declares no `other`"):
        _ = solution.other


def test_missing_names_are_not_started(solution: Solution) -> None:
    with pytest.raises(NotStarted, match="`gone` is not defined in the solution"):
        solution.gone(1)


def test_names_that_are_nearly_there_are_said(solution: Solution) -> None:
    with pytest.raises(NotStarted, match=r"^`ad` is not defined in the solution; it defines `add`$"):
        solution.ad(1)


def test_the_stubs_error_is_not_started(solution: Solution) -> None:
    with pytest.raises(NotStarted, match="`todo` still raises NotImplementedError"):
        solution.todo(1)
    with pytest.raises(NotStarted, match=r"`Model.untold` still raises"):
        solution.Model().untold()


def test_arguments_stay_as_they_are(solution: Solution) -> None:
    X = np.ones(3)
    with pytest.raises(CheckFailed, match="fill changes argument 1 in place"):
        solution.fill(X)
    assert X.tolist() == [1, 1, 1]


def test_layout_and_writeable_flag_arrive(solution: Solution) -> None:
    X = np.arange(12.0).reshape(3, 4)
    assert solution.flags(X) == (True, False, True, True)
    assert solution.flags(np.asfortranarray(X))[:2] == (False, True)
    assert solution.flags(X[:, ::2])[:2] == (False, False)
    X.flags.writeable = False
    assert solution.flags(X)[2] is False
    with pytest.raises(ValueError, match="read-only"):
        solution.fill(X)


def test_a_raised_error_says_where(solution: Solution) -> None:
    with pytest.raises(SubmissionRaised) as caught:
        solution.divide(3)
    assert isinstance(caught.value, ZeroDivisionError)
    assert str(caught.value) == "ZeroDivisionError: float division by zero (line 20, in divide: `return half / 0`)"
    assert caught.value.mro == ("ZeroDivisionError", "ArithmeticError", "Exception", "BaseException")
    assert caught.value.text == "float division by zero"
    assert caught.value.frames == ((20, "divide", "return half / 0"),)


@pytest.mark.parametrize(
    "name",
    [
        "ValueError",
        "KeyError",
        "OSError",
        "ImportError",
        "SyntaxError",
        "AssertionError",
        "MemoryError",
        "UnicodeError",
        "AttributeError",
        "DeprecationWarning",
    ],
)
def test_builtin_errors_can_be_caught_by_their_class(solution: Solution, name: str) -> None:
    with pytest.raises(SubmissionRaised) as caught:
        solution.throw(name, "text")
    kind: type[BaseException] = getattr(builtins, name)
    assert isinstance(caught.value, kind)
    assert str(caught.value).startswith(f"{name}: ")


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "BaseException"])
def test_others_are_plain(solution: Solution, name: str) -> None:
    with pytest.raises(SubmissionRaised) as caught:
        solution.throw(name)
    assert type(caught.value) is SubmissionRaised
    assert str(caught.value).startswith(f"{name} (line ")


def test_a_class_of_the_submission_is_its_nearest_builtin(solution: Solution) -> None:
    with pytest.raises(KeyError) as caught:
        solution.custom()
    assert str(caught.value).startswith("Custom: no such key (line ")


def test_endless_recursion(solution: Solution) -> None:
    with pytest.raises(RecursionError) as caught:
        solution.recurse(0)
    assert isinstance(caught.value, SubmissionRaised)
    assert len(caught.value.frames) == 20


def test_wrong_signature(solution: Solution) -> None:
    with pytest.raises(
        TypeError, match=r"`add` cannot be called as the task says: add\(\) missing 1 .* \(called as add\(\)\)"
    ):
        solution.add()
    for data in (np.ones(3), np.ones((2, 2))):
        # The same for all data, so that a report says it once.
        with pytest.raises(TypeError, match=r"\(called as add\(…, …, …, c=…\)\)"):
            solution.add(data, data, data, c=data)
    with pytest.raises(SubmissionRaised, match="not callable"):
        solution.missing_is_none()
    with pytest.raises(TypeError, match=r"line 6, in add"):
        solution.add(1, "a")


def test_handles(solution: Solution) -> None:
    model = solution.Model(3)
    assert isinstance(model, Handle)
    assert repr(model) == "<Model of the solution>"
    fitted = model.fit(np.arange(5.0))
    assert fitted.mean_ == 2
    assert model.kind == "linear"
    assert model.predict(np.ones(2)).tolist() == [3, 3]
    assert len(model) == 3
    assert solution.slope_of(model) == 3
    assert method(model, "__add__", fitted).slope == 6
    function, (inner,) = solution.everything()
    assert function("abc") == 3
    assert inner.slope == 5
    with pytest.raises(AttributeError) as caught:
        _ = model.gone
    assert isinstance(caught.value, SubmissionRaised)


def test_a_part_of_an_answer_that_is_kept_comes_back_as_it_was(solution: Solution) -> None:
    mean, total = solution.call_keeping(1, "running", 2.0, None)
    assert mean == 2
    assert isinstance(total, Handle)
    assert repr(total) == "<Total of the solution>"
    mean, total = solution.call_keeping(1, "running", 5.0, total=total)
    assert mean == 3.5
    assert total.count == 2
    assert "running" in solution.functions_called


def test_of_an_answer_that_has_no_such_part_nothing_is_kept(solution: Solution) -> None:
    assert solution.call_keeping(1, "add", 1) == 2
    assert solution.call_keeping(5, "running", 2.0, None) == (2.0, (2.0, 1))
    with pytest.raises(AttributeError, match="declares no `shut`"):
        solution.call_keeping(1, "shut")


def test_nothing_of_an_object_runs_in_the_judge(solution: Solution) -> None:
    model = solution.Model()
    assert model != solution.Model()
    assert model
    assert np.asarray(model).dtype == object
    with pytest.raises(AttributeError):
        _ = model.__array__
    assert copy.copy(model) is copy.deepcopy([model])[0] is model
    with pytest.raises(TypeError):
        pickle.dumps(model)


def test_iteration(solution: Solution) -> None:
    assert [batch.tolist() for batch in solution.batches(3)] == [[0, 0], [1, 1], [2, 2]]
    batches = solution.batches(1)
    next(batches)
    with pytest.raises(StopIteration):
        next(batches)


def test_streams_are_read_as_far_as_asked(solution: Solution) -> None:
    stream = Stream(np.full(2, number) for number in range(10))
    first, second = solution.first_two(stream)
    assert (first.tolist(), second.tolist(), stream.taken) == ([0, 0], [1, 1], 2)
    assert solution.all_of(Stream([1, 2])) == ([1, 2], [])


def test_an_error_of_a_stream_is_the_checks(solution: Solution) -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise LookupError("of the check")

    with pytest.raises(LookupError, match="of the check") as caught:
        solution.all_of(Stream(broken()))
    assert not isinstance(caught.value, SubmissionRaised)
    assert solution.add(1) == 2


def test_global_generators_start_at_the_same_state(backend: Backend, solution: Solution) -> None:
    before = np.random.get_state()[1].tolist()  # type: ignore[index] # noqa: NPY002
    first = solution.draw()
    assert solution.draw() != first
    backend.reset()
    assert solution.draw() == first
    assert np.random.get_state()[1].tolist() == before  # type: ignore[index] # noqa: NPY002


def test_reset_forgets_everything(backend: Backend, solution: Solution) -> None:
    assert [solution.calls(), solution.calls()] == [1, 2]
    model = solution.Model()
    backend.reset()
    assert solution.calls() == 1
    with pytest.raises(ValueError, match="fresh solution"):
        solution.slope_of(model)


def test_freed_handles_are_dropped(backend: Backend, solution: Solution) -> None:
    for _ in range(5):
        solution.Model()
    gc.collect()
    solution.add(1)
    assert backend._dropped == []


def test_banned_imports(solution: Solution, backend: Backend) -> None:
    loaded = sys.modules.pop("fractions", None)
    try:
        with pytest.raises(
            SubmissionUnloadable, match=r"example.py, line \d+: imports fractions, which this kata bans"
        ):
            solution.ban()
        backend.reset()
        assert solution.fallback() == "own"
    finally:
        if loaded is not None:
            sys.modules["fractions"] = loaded


def test_counting_through_the_proxy(solution: Solution) -> None:
    solution.loop(np.ones(3))
    places = solution.count_events("loop", np.ones(100))
    assert max(places.values()) in {100, 101}
    assert not [where for where in places if "runner" in where or "counting" in where]
    assert places == solution.count_events("loop", np.ones(100))


def test_what_is_kept_for_counting_is_of_the_classes_that_are_counted(solution: Solution) -> None:
    mean, total = solution.call_before_counting(1, "running", 2.0, None)
    assert mean == 2
    assert isinstance(total, Handle)
    assert max(solution.count_events("strict", np.ones(100), total).values()) >= 100
    with pytest.raises(AttributeError, match="declares no `shut`"):
        solution.call_before_counting(1, "shut")


def test_objects_are_made_for_what_is_measured(solution: Solution) -> None:
    few = Made("Shelf", list(range(10))).then("add", 10)
    many = Made("Shelf", items=list(range(200_000))).then("add", item=1)
    assert max(solution.count_events("Shelf.scan", few, 2).values()) in {11, 12}
    assert solution.measure_cpu("Shelf.scan", few, 2) < solution.measure_cpu("Shelf.scan", many, 2)
    assert solution.measure_memory("Shelf.add", few, 1).bytes < solution.measure_memory("Shelf.add", many, 1).bytes
    assert solution.heaviest_line("Shelf.add", many, 1) > 0
    assert repr(few) == "<Shelf of the solution>"


def test_an_object_is_made_once_until_the_solution_starts_over(solution: Solution, backend: Backend) -> None:
    made = Made("Shelf", [1])
    for _ in range(3):
        solution.measure_cpu("Shelf.scan", made, 1)
    assert solution.shelves() == 1
    solution.start_over()
    solution.measure_cpu("Shelf.scan", made, 1)
    assert solution.shelves() == 2
    backend.reset()
    solution.measure_cpu("Shelf.scan", made, 1)
    assert solution.shelves() == 1


def test_what_cannot_be_made(solution: Solution) -> None:
    with pytest.raises(NotStarted, match="`gone` is not defined"):
        solution.measure_cpu("gone.scan", Made("gone"))
    with pytest.raises(AttributeError, match="declares no `shut`"):
        solution.measure_cpu("shut.scan", Made("shut"))
    with pytest.raises(SubmissionRaised, match="no attribute 'sort'"):
        solution.measure_cpu("Shelf.sort", Made("Shelf", []))
    with pytest.raises(SubmissionRaised, match="missing 1 required positional argument"):
        solution.count_events("Shelf.scan", Made("Shelf"), 1)


def test_steps_are_lines_of_the_submission(solution: Solution, tmp_path: Path) -> None:
    assert solution.count_steps("plain") == 1
    one, two = (solution.count_steps("write", str(tmp_path), ["x"] * n) for n in (1, 2))
    assert one > 3
    assert two - one >= 3
    assert two == solution.count_steps("write", str(tmp_path), ["x"] * 2)


def test_a_call_is_killed_before_a_line(solution: Solution, tmp_path: Path) -> None:
    texts = ["first", "second"]
    steps = solution.count_steps("write", str(tmp_path), texts)
    for file in tmp_path.iterdir():
        file.unlink()
    found = []
    for step in range(1, steps + 1):
        assert solution.call_killed("write", str(tmp_path), texts, step=step)
        found.append(sorted((file.name, file.read_text()) for file in tmp_path.iterdir()))
    assert found[0] == []
    assert [("0", "")] in found, "what is not flushed is lost"
    assert found[-1] == [("0", "first"), ("1", "second")]
    assert not solution.call_killed("write", str(tmp_path), texts, step=steps + 1)
    assert solution.plain() == 1


def test_a_call_is_killed_in_the_middle_of_a_write(solution: Solution, tmp_path: Path) -> None:
    assert solution.call_killed("write", str(tmp_path), ["ab", "abcdef"], file_bytes=4)
    assert (tmp_path / "0").read_text() == "ab"
    assert (tmp_path / "1").read_text() == "abcd"
    assert not solution.call_killed("write", str(tmp_path), ["ab", "abcdef"], file_bytes=6)


def test_what_ends_otherwise_is_not_taken_for_killed(solution: Solution) -> None:
    for how in ({"step": 9}, {"file_bytes": 9}):
        with pytest.raises(SubmissionRaised, match="ValueError: no"):
            solution.call_killed("clumsy", **how)
        with pytest.raises(SubmissionStopped, match="the process ended: exit status 3"):
            solution.call_killed("leave", **how)
        with pytest.raises(AttributeError, match="declares no `shut`"):
            solution.call_killed("shut", **how)


def test_a_call_is_watched(solution: Solution, tmp_path: Path) -> None:
    seen: list[list[str]] = []
    texts = ["first", "second"]
    steps = solution.count_steps("write", str(tmp_path), texts)
    for file in tmp_path.iterdir():
        file.unlink()

    def look() -> None:
        seen.append(sorted(file.name for file in tmp_path.iterdir()))

    assert solution.call_watched("write", str(tmp_path), texts, places=range(1, steps + 1), look=look) == 2
    assert len(seen) == steps
    assert [] in seen
    assert ["0"] in seen
    assert seen[-1] == ["0", "1"]


def test_an_error_of_who_watches_is_theirs(solution: Solution) -> None:
    def look() -> None:
        raise LookupError("the reader")

    with pytest.raises(LookupError, match="the reader"):
        solution.call_watched("plain", places=(1,), look=look)
    assert solution.call_watched("plain", places=(2,), look=look) == 1


def test_many_values_at_once(solution: Solution) -> None:
    assert [each.tolist() for each in listed(solution.batches(9), 3)] == [[0, 0], [1, 1], [2, 2]]
    iterator = iter(solution.batches(3))
    assert next(iterator).tolist() == [0, 0]
    assert len(listed(iterator, 99)) == 2
    assert listed(iterator, 99) == []
    assert listed([1, 2, 3], 2) == [1, 2]
    with pytest.raises(SubmissionRaised, match="TypeError"):
        listed(solution.Model(), 2)


def test_any_name_of_a_parameter(solution: Solution) -> None:
    assert solution.named(name=1, handle=2, self=3) == 6
    assert solution.named(name=1, self=3) == 4
    assert solution.count_events("named", name=1)


def test_cpu_time(solution: Solution) -> None:
    few, many = solution.measure_cpu("burn", 1000), solution.measure_cpu("burn", 1_000_000)
    assert 0 < few < many


def test_arguments_may_be_larger_than_results(solution: Solution) -> None:
    X = np.ones((100_000, 128))
    assert solution.total(Stream([X])) == solution.total([X]) == X.size
    with pytest.raises(
        SubmissionRaised, match=r"result of large\(\) cannot be looked at: its arrays are larger than 32 MB"
    ):
        solution.large()
    assert solution.add(1) == 2


def test_unsendable_arguments_are_the_checks_fault(solution: Solution) -> None:
    with pytest.raises(TypeError, match="a check passes a object") as caught:
        solution.add(object())
    assert not isinstance(caught.value, SubmissionRaised)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", r"cannot be loaded: ZeroDivisionError: division by zero \(line 1: `1 / 0`\)"),
        ("raise SystemExit(0)", "cannot be loaded: SystemExit: 0"),
        ("import fractions.x", "example.py, line 1: imports fractions"),
        ("def f(:", "cannot be loaded: SyntaxError"),
    ],
)
@pytest.mark.parametrize("kind", ["process", "inprocess"])
def test_loading_fails_once_and_for_all(
    zygote: Zygote, kind: str, source: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "fractions", raising=False)
    backend: Backend
    if kind == "process":
        backend = Host(zygote, source, name="example", banned=("fractions",))
    else:
        backend = InProcess(source, name="example", banned=("fractions",))
    for _ in range(2):
        backend.reset()
        with pytest.raises(SubmissionStopped, match=message):
            Solution(backend, ("f",)).f()
    backend.close()
