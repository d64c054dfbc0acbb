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
from pytest_mlkata.solution.proctor import (
    LIBRARIES,
    LOADED,
    MOST_CHARACTERS,
    MOST_TESTS,
    Proctor,
    Sitting,
    loaded_for,
)
from pytest_mlkata.solution.wire import WireError

SOLUTION = """
    from collections import namedtuple

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

    Total = namedtuple("Total", "sums count")

    def total(x, state=None):
        state = state or Total(np.zeros(2), 0)
        return state.sums + x, Total(state.sums + x, state.count + 1)

    def total_in_place(x, state):
        if isinstance(state, Total):
            state.sums[:] += x
        else:
            state[0][:] += x
        return state

    def refuse(x):
        raise Odd("no such x")

    def hang():
        while True:
            pass

    def many(n):
        return np.zeros(n)

    def todo():
        raise NotImplementedError
"""
NAMES = ("Box", "double", "clear", "total", "total_in_place", "refuse", "hang", "many", "todo")
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

    def run(text: str, chosen: tuple[int, ...] | None = None) -> Sitting:
        return proctor.sit((dedent(text), "test_boxes.py"), ("boxes", NAMES), chosen)

    yield run
    proctor.close()
    solution.close()


def failed(sitting: Sitting) -> dict[str, str]:
    return {sitting.collected[test]: message for test, message in sitting.failed.items()}


def last(sitting: Sitting) -> str:
    assert sitting.last is not None
    return sitting.collected[sitting.last]


def test_whatever_pytest_can_do(sit: Sit) -> None:
    # The text is a learner's file of tests: no test of this project is skipped by the mark in it.
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
    assert list(failed(sitting)) == ["test_wrong", "test_words"]
    assert failed(sitting)["test_wrong"].startswith(f"assert {np.int64(4)!r} == 5")
    assert failed(sitting)["test_words"].startswith("twice two")


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


def test_no_message_speaks_of_options(sit: Sit) -> None:
    sitting = sit("""
        def test_lists():
            assert [1, 2, 3] == [1, 2, 4]
    """)
    message = failed(sitting)["test_lists"]
    assert "At index 2 diff: 3 != 4" in message
    assert "-v" not in message


@pytest.mark.parametrize(
    "call",
    ["double(np.zeros(5 * 2**20))", "many(5 * 2**20)", "double(10**9999)"],
)
def test_what_is_too_much_is_told_as_a_limit(sit: Sit, call: str) -> None:
    sitting = sit(f"""
        import numpy as np
        from boxes import double, many

        def test_much():
            {call}
    """)
    assert "cannot be graded here" in failed(sitting)["test_much"]


def test_what_cannot_be_passed_is_named(sit: Sit) -> None:
    sitting = sit("""
        import numpy as np
        from boxes import double

        def test_dates():
            double(np.zeros(3, "datetime64[s]"))
    """)
    assert "a datetime64[s] array cannot be passed to the solution" in failed(sitting)["test_dates"]


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


def test_named_tuples_come_back_as_what_they_were(sit: Sit) -> None:
    sitting = sit("""
        import numpy as np
        from boxes import total, total_in_place

        def test_two_runs():
            _, a = total(np.ones(2))
            _, b = total(np.zeros(2))
            x, a = total(np.ones(2), a)
            y, b = total(np.ones(2), state=b)
            assert (x[0], y[0]) == (2, 1)
            assert (a[1], b[1]) == (2, 2)

        def test_in_place():
            _, a = total(np.ones(2))
            total_in_place(np.ones(2), a)
            total_in_place(np.ones(2), a)
            assert a[0][0] == 3
            assert total(np.ones(2), a)[0][0] == 4

        def test_plain():
            a = (np.ones(2), "a plain tuple")
            total_in_place(np.ones(2), a)
            assert a[0][0] == 2
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
    assert list(failed(sitting)) == ["test_hang"]
    assert "took more than 0.3 s" in failed(sitting)["test_hang"]


def test_a_process_that_ends_is_told(sit: Sit) -> None:
    sitting = sit("""
        import os

        def test_first():
            assert True

        def test_leave():
            os._exit(0)
    """)
    assert last(sitting) == "test_leave"
    assert sitting.stopped == "the process ended: exit status 0 in the tests"
    assert not sitting.holds


def test_a_test_that_hangs_is_named(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_mlkata.solution.deadline.WALL_FACTOR", 1.0)
    sitting = sit("""
        import signal

        def test_hang():
            while True:
                pass
    """)
    assert last(sitting) == "test_hang"
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


def test_only_the_chosen_tests_run(sit: Sit) -> None:
    text = """
        def test_a(): assert False
        def test_b(): assert False
        def test_c(): assert False
    """
    assert list(failed(sit(text, (1, 2)))) == ["test_b", "test_c"]


def test_names_can_be_long_and_alike(sit: Sit) -> None:
    sitting = sit("""
        import pytest

        @pytest.mark.parametrize("x", [1, 2], ids=["n" * 5000 + "a", "n" * 5000 + "b"])
        def test_long(x):
            assert x == 1
    """)
    assert list(sitting.failed) == [1]
    assert sitting.ended == {0, 1}
    assert max(map(len, sitting.collected)) == MOST_CHARACTERS


def test_too_many_tests_are_a_fault(sit: Sit) -> None:
    text = """
        import pytest

        @pytest.mark.parametrize("x", range({}))
        def test_x(x):
            assert x != 7
    """
    assert list(sit(text.format(MOST_TESTS)).failed) == [7]
    assert sit(text.format(MOST_TESTS + 1)).fault == "has 1001 tests; at most 1000 are run"


@pytest.mark.parametrize(
    "ending",
    [
        "pytest.exit('enough')",
        "raise KeyboardInterrupt",
        "import _pytest.runner; _pytest.runner.call_and_report = lambda *_, **__: None",
    ],
)
def test_a_test_that_ends_the_run_is_named(sit: Sit, ending: str) -> None:
    sitting = sit(f"""
        import pytest

        def test_first():
            assert True

        def test_end():
            {ending}

        def test_last():
            assert True
    """)
    assert sitting.stopped == "ends the run of all tests"
    assert last(sitting) == "test_end"
    assert not sitting.holds


def test_notes_that_are_kept_back_are_missed(sit: Sit) -> None:
    sitting = sit("""
        import sys

        def test_silent():
            for module in list(sys.modules.values()):
                if hasattr(module, "Exam"):
                    module.Exam._note = lambda *_: None
            assert False
    """)
    assert last(sitting) == "test_silent"
    assert not sitting.holds


def test_a_message_that_cannot_be_shown_is_a_failure_as_any(sit: Sit) -> None:
    sitting = sit("""
        class Odd(Exception):
            def __str__(self):
                raise ValueError

        def test_odd():
            raise Odd

        def test_next():
            assert False
    """)
    assert failed(sitting) == {"test_odd": "Odd: (its message cannot be shown)", "test_next": "assert False"}


def test_a_breakpoint_stops_nothing(sit: Sit, capfd: pytest.CaptureFixture[str]) -> None:
    sitting = sit("""
        def test_stop():
            breakpoint()

        def test_next():
            assert True
    """)
    assert list(failed(sitting)) == ["test_stop"]
    assert capfd.readouterr() == ("", "")


def test_unittest_and_logs_work_as_ever(sit: Sit, capfd: pytest.CaptureFixture[str]) -> None:
    sitting = sit("""
        import logging
        import unittest
        from boxes import double

        class TestDouble(unittest.TestCase):
            def test_two(self):
                self.assertEqual(double(1), 2)

            def test_three(self):
                self.assertEqual(double(1), 3)

        def test_log(caplog):
            logging.getLogger("x").error("a line of the log")
            assert caplog.messages == ["a line of the log"]

        def test_loud():
            logging.getLogger("x").error("another line")
            assert False
    """)
    assert list(failed(sitting)) == ["TestDouble::test_three", "test_loud"]
    assert capfd.readouterr() == ("", "")


def test_only_what_the_kata_has_is_called(sit: Sit) -> None:
    sitting = sit("""
        import sys
        import pytest
        import boxes

        @pytest.mark.parametrize("name", ["SECRET", "np", "Odd", "dubble", "eval", "__import__"])
        def test_others(name):
            asking = next(module for module in list(sys.modules.values()) if hasattr(module, "SolutionStopped"))
            judge = next(
                cell.cell_contents for cell in boxes.double.__closure__ if isinstance(cell.cell_contents, asking.Asked)
            )
            assert asking.question(judge, "call", "double", (2,)) == 4
            with pytest.raises(AttributeError, match="^it is not part of the kata$"):
                asking.question(judge, "call", name, ())
    """)
    assert sitting.holds, sitting


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
    with pytest.raises(WireError):
        Sitting(collected=("test_a",)).take("failed", (1, "there is no such test"))
    with pytest.raises(WireError):
        Sitting().take("collected", (("test_a",) * (MOST_TESTS + 1),))


def test_a_text_is_cut_before_it_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def clean(text: str) -> str:
        sizes.append(len(text))
        return text

    monkeypatch.setattr("pytest_mlkata.solution.proctor.plain", clean)
    Sitting().take("fault", (1, "x" * 10**6))
    assert sizes == [10 * MOST_CHARACTERS]


def test_tables_of_characters_are_loaded_where_they_are_needed() -> None:
    assert loaded_for("st.floats()") == LOADED
    assert len(loaded_for("@given(st.text())")) > len(LOADED)
