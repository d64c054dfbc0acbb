"""A learner's tests in a process of their own, on a solution in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import dedent

import numpy as np
import pytest

from pytest_mlkata.model import Limits
from pytest_mlkata.solution.confine import Confinement, missing
from pytest_mlkata.solution.host import Host
from pytest_mlkata.solution.launcher import Zygote
from pytest_mlkata.solution.proctor import LIBRARIES, LOADED, Proctor, Sitting, loaded_for
from pytest_mlkata.solution.wire import WireError

SOLUTION = """
    import numpy as np

    SECRET = "the answer"

    class Box:
        def __init__(self, value):
            self.value = value
            self._hidden = 1
        def add(self, other):
            return Box(self.value + other.value)
        def __len__(self):
            return 3
        def __eq__(self, other):
            return self.value == other.value

    class Odd(ValueError):
        pass

    def double(x):
        return 2 * np.asarray(x)

    def clear(x):
        x[...] = 0

    def refuse(x):
        raise Odd("no such x")

    def hang():
        while True:
            pass

    def todo():
        raise NotImplementedError
"""
NAMES = ("Box", "double", "clear", "refuse", "hang", "todo")
Sit = Callable[..., Sitting]


@pytest.fixture(scope="module")
def zygotes() -> Iterator[tuple[Zygote, Zygote]]:
    with Zygote() as of_solutions, Zygote(LIBRARIES, loaded=LOADED) as of_tests:
        yield of_solutions, of_tests


@pytest.fixture
def sit(zygotes: tuple[Zygote, Zygote]) -> Iterator[Sit]:
    how = Confinement(confined=not missing())
    limits = Limits(call_seconds=0.3)
    solution = Host(zygotes[0], dedent(SOLUTION), name="boxes", limits=limits, how=how)
    proctor = Proctor(zygotes[1], solution, how)

    def run(text: str, chosen: tuple[str, ...] | None = None, *, first: bool = False) -> Sitting:
        return proctor.sit((dedent(text), "test_boxes.py"), ("boxes", NAMES), chosen, first=first)

    yield run
    proctor.close()
    solution.close()


def test_whatever_pytest_can_do(sit: Sit) -> None:
    sitting = sit("""
        import numpy as np
        import pytest
        import boxes as b
        from boxes import double
        from hypothesis import given, strategies as st
        from solutions.boxes import double as again

        @pytest.fixture
        def two():
            return np.array([1.0, 2.0])

        @pytest.mark.parametrize("x", [1, 2.5])
        def test_scalar(x):
            assert double(x) == 2 * x

        class TestArrays:
            def test_two(self, two):
                assert np.array_equal(b.double(two), again(x=two))

        @given(st.integers(-9, 9))
        def test_any(n):
            assert double(n) == n + n

        def test_printing(capsys):
            print("hi")
            assert capsys.readouterr().out == "hi\\n"

        @pytest.mark.skip
        def test_skipped():
            assert False
    """)
    assert sitting.collected == (
        "test_scalar[1]",
        "test_scalar[2.5]",
        "TestArrays::test_two",
        "test_any",
        "test_printing",
        "test_skipped",
    )
    assert sitting.holds, sitting


def test_assertions_are_explained(sit: Sit) -> None:
    sitting = sit("""
        from boxes import double

        def test_wrong():
            x = double(2)
            assert x == 5

        def test_words():
            assert double(2) == 5, "twice two"

        def test_right():
            assert double(2) == 4
    """)
    assert list(sitting.failed) == ["test_wrong", "test_words"]
    assert sitting.failed["test_wrong"].startswith(f"assert {np.int64(4)!r} == 5")
    assert sitting.failed["test_words"].startswith("twice two")


def test_exceptions_arrive_as_what_they_are(sit: Sit) -> None:
    sitting = sit("""
        import pytest
        from boxes import double, refuse, todo

        def test_refuse():
            with pytest.raises(ValueError, match="^no such x$") as caught:
                refuse(1)
            assert type(caught.value).__name__ == "Odd"

        def test_todo():
            with pytest.raises(NotImplementedError):
                todo()

        def test_signature():
            with pytest.raises(TypeError):
                double()

        def test_unknown():
            with pytest.raises(ImportError):
                from boxes import SECRET
    """)
    assert sitting.holds, sitting


def test_changed_arguments_are_seen(sit: Sit) -> None:
    sitting = sit("""
        import numpy as np
        from boxes import clear

        def test_clear():
            x = np.ones(3)
            clear(x)
            assert x.sum() == 0
    """)
    assert sitting.holds, sitting


def test_objects_answer_for_themselves_and_hide_their_code(sit: Sit) -> None:
    sitting = sit("""
        import pytest
        from boxes import Box

        def test_box():
            box = Box(2)
            assert box.value == 2
            assert len(box) == 3
            assert box.add(Box(3)).value == 5
            assert Box(1) == Box(1)
            assert Box(1) != Box(2)

        @pytest.mark.parametrize("name", ["_hidden", "__class__", "gi_frame", "f_globals", "co_consts"])
        def test_inside(name):
            ask = type(Box(1))
            box = Box(1)
            import sys
            question = sys.modules[ask.__module__].question
            with pytest.raises(AttributeError):
                question(box, "getattr", name)
    """)
    assert sitting.holds, sitting


def test_a_solution_that_hangs_is_told_from_a_test_that_does(sit: Sit) -> None:
    sitting = sit("""
        from boxes import double, hang

        def test_hang():
            hang()

        def test_next():
            assert double(1) == 2
    """)
    assert list(sitting.failed) == ["test_hang"]
    assert "took more than 0.3 s" in sitting.failed["test_hang"]


def test_a_process_that_ends_is_told(sit: Sit) -> None:
    sitting = sit("""
        import os

        def test_first():
            assert True

        def test_leave():
            os._exit(0)
    """)
    assert sitting.last == "test_leave"
    assert sitting.stopped == "the process ended: exit status 0 in the tests"
    assert not sitting.holds


def test_a_test_that_hangs_is_named(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_mlkata.solution.host.WALL_FACTOR", 1.0)
    sitting = sit("""
        import signal

        def test_hang():
            while True:
                pass
    """)
    assert sitting.last == "test_hang"
    assert sitting.stopped == "took more than 8 s (processor time) in the tests"


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("def f(:\n    pass", "SyntaxError: invalid syntax", 1),
        ("\nimport pandas", "ModuleNotFoundError: pandas is not given", 2),
        ("from boxes import triple", "ImportError: cannot import name 'triple' from 'boxes'", 1),
    ],
)
def test_a_file_that_cannot_be_run_says_why(sit: Sit, text: str, fault: str, line: int) -> None:
    sitting = sit(text)
    assert sitting.fault.startswith(fault)
    assert sitting.line == line
    assert not sitting.holds


def test_only_the_chosen_tests_run_up_to_the_first_failure(sit: Sit) -> None:
    text = """
        def test_a(): assert False
        def test_b(): assert False
        def test_c(): assert False
    """
    assert list(sit(text, ("test_b", "test_c")).failed) == ["test_b", "test_c"]
    assert list(sit(text, ("test_b", "test_c"), first=True).failed) == ["test_b"]


@pytest.mark.skipif(bool(missing()), reason="cannot confine here")
def test_files_processes_and_network_are_out_of_reach(sit: Sit) -> None:
    sitting = sit(f"""
        import os, socket, subprocess
        import pytest

        @pytest.mark.parametrize("path", [{__file__!r}, "/etc/passwd", "/proc/1/environ"])
        def test_read(path):
            with pytest.raises(OSError):
                open(path).read()

        def test_write():
            with pytest.raises(OSError):
                open("/dev/shm/left_behind", "w")

        def test_list():
            with pytest.raises(OSError):
                os.listdir({__file__!r}.rpartition("/")[0])

        def test_socket():
            with pytest.raises(OSError):
                socket.socket()

        def test_fork():
            with pytest.raises(OSError):
                os.fork()
    """)
    assert sitting.holds, sitting


def test_a_note_that_is_none_is_refused() -> None:
    with pytest.raises(WireError):
        Sitting().take("collected", (3,))
    with pytest.raises(WireError):
        Sitting().take("won", ())


def test_tables_of_characters_are_loaded_where_they_are_needed() -> None:
    assert loaded_for("st.floats()") == LOADED
    assert len(loaded_for("@given(st.text())")) > len(LOADED)
