"""What NumPy has given up is told in one sentence, from what the installed NumPy really raises; nothing else is."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from packaging.version import Version

from pytest_mlkata.solution.numpy_names import _METHODS, _NAMES, successor

INSTALLED = Version(np.__version__)
BACK = {"bool": Version("2.0"), "long": Version("2.0")}
"""Names that came back, with another meaning."""
NAMES = sorted(_NAMES)
METHODS = sorted(_METHODS)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def said_by(act: Callable[[], Any]) -> str:
    """The text of the exception, or nothing."""
    try:
        act()
    except (AttributeError, ImportError, TypeError) as error:
        return str(error)
    return ""


def imported(name: str) -> Any:
    exec(f"from numpy import {name}", {})


def is_there(name: str) -> bool:
    version = Version(_NAMES[name][0])
    return version > INSTALLED or (name in BACK and BACK[name] <= INSTALLED)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_gone_from_the_version_on_that_the_table_says(name: str) -> None:
    assert hasattr(np, name) is is_there(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_gone_is_recognised_and_another_is_not(name: str) -> None:
    version, instead = _NAMES[name]
    expected = "" if is_there(name) else f"np.{name} is gone since NumPy {version}; use {instead.format(name=name)}"
    for act in (lambda: getattr(np, name), lambda: imported(name)):
        assert successor(said_by(act)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_what_is_to_be_written_instead_exists(name: str) -> None:
    instead = _NAMES[name][1].format(name=name)
    (found,) = re.findall(r"np\.(\w+)", instead) or [""]
    if found == "trapezoid":
        assert hasattr(np, found) is (Version("2.0") <= INSTALLED)
    elif found:
        assert hasattr(np, found)
    else:
        assert instead in {"int", "str", "a.item()", f"Python's own {name}", f"Python's own module {name}"}


VALUES: dict[str, tuple[Any, Any]] = {
    "Inf": (np.inf, float("inf")),
    "NINF": (-np.inf, float("-inf")),
    "alltrue": (np.all([1, 0]), False),
    "asfarray": (np.asarray([1], dtype=float).dtype, np.dtype(float)),
    "cfloat": (np.dtype(np.complex128), np.dtype(complex)),
    "cumproduct": (np.cumprod([2, 3]).tolist(), [2, 6]),
    "find_common_type": (np.result_type(np.int64, np.float32), np.dtype(np.float64)),
    "in1d": (np.isin([1, 2], [2]).tolist(), [False, True]),
    "msort": (np.sort([[2, 1], [1, 3]], axis=0).tolist(), [[1, 1], [2, 3]]),
    "product": (np.prod([2, 3]), 6),
    "round_": (np.round(1.26, 1), 1.3),
    "sometrue": (np.any([0, 1]), True),
    "unicode_": (np.str_("a"), "a"),
}


@pytest.mark.parametrize("name", VALUES)
def test_what_is_to_be_written_instead_does_the_same(name: str) -> None:
    got, expected = VALUES[name]
    assert got == expected


@pytest.mark.parametrize("name", METHODS)
def test_a_method_that_is_gone_is_recognised_and_another_is_not(name: str) -> None:
    version, instead = _METHODS[name]
    is_gone = Version(version) <= INSTALLED
    assert hasattr(np.ndarray, name) is not is_gone
    expected = f"arrays have no method {name} since NumPy {version}; use {instead}" if is_gone else ""
    assert successor(said_by(lambda: getattr(np.zeros(1), name))) == expected


def test_what_is_to_be_written_instead_of_a_method_does_the_same() -> None:
    a = np.array([1.0, 4.0, 2.0])
    assert np.ptp(a) == 3
    assert a.view(a.dtype.newbyteorder("S")).dtype == a.dtype.newbyteorder("S")
    assert np.frombuffer(a.tobytes()).tolist() == a.tolist()


@pytest.mark.parametrize(
    "text",
    [
        "`itemset` was removed from the ndarray class in NumPy 2.0. Use `arr[index] = value` instead.",
        "`newbyteorder` was removed from the ndarray class in NumPy 2.0. Use `arr.view(...)` instead.",
        "`ptp` was removed from the ndarray class in NumPy 2.0. Use `np.ptp(arr, ...)` instead.",
    ],
)
def test_the_paragraphs_of_the_first_versions_without_a_method_are_recognised(text: str) -> None:
    assert successor(text).startswith("arrays have no method ")


def test_an_array_of_one_number_that_is_to_be_a_number() -> None:
    text = said_by(lambda: float(np.array([1.0])))
    if Version("2.4") <= INSTALLED:
        assert successor(text) == (
            f"{text}: since NumPy 2.4 not even an array of one number becomes a number by itself; use a[0] or a.item()"
        )
    else:
        assert text == ""


class Tool:
    pass


OTHERS: dict[str, Callable[[], Any]] = {
    "a name that never was": lambda: np.logistic,  # type: ignore[attr-defined]
    "an import that never was": lambda: imported("logistic"),
    "a method that never was": lambda: np.zeros(1).sigmoid(),  # type: ignore[attr-defined]
    "another object": lambda: Tool().trapz,  # type: ignore[attr-defined]
    "an attribute of a number": lambda: (1.5).ptp,  # type: ignore[attr-defined]
    "a name of a submodule": lambda: np.linalg.trapz,  # type: ignore[attr-defined]
    "an import from a submodule": lambda: exec("from numpy.linalg import trapz", {}),
    "numbers that do not add up": lambda: 1 + "a",  # type: ignore[operator]
}


@pytest.mark.parametrize("act", OTHERS.values(), ids=OTHERS.keys())
def test_other_errors_are_left_alone(act: Callable[[], Any]) -> None:
    text = said_by(act)
    assert text
    assert successor(text) == ""


def test_a_module_of_the_learner_s_is_not_numpy() -> None:
    program = (
        "import sys, types\n"
        "module = types.ModuleType('numpy_tools')\n"
        "sys.modules['numpy_tools'] = module\n"
        "for line in ('module.trapz', 'from numpy_tools import trapz'):\n"
        "    try: exec(line)\n"
        "    except Exception as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    first, second = run.stdout.splitlines()
    assert "numpy_tools" in first
    assert "numpy_tools" in second
    assert successor(first) == successor(second) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "use module 'numpy' has no attribute 'int'",
        "the weights must be finite",
        "module 'numpy' has no attribute 'integral'",
        "module 'numpyro' has no attribute 'int'",
        "'pandas.DataFrame' object has no attribute 'ptp'",
        "cannot import name 'int' from 'numpy_financial' (somewhere)",
    ],
)
def test_a_text_that_only_looks_like_it_is_left_alone(text: str) -> None:
    assert successor(text) == ""
