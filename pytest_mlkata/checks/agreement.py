"""The check that most checks are: the solution says what the reference says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pytest_mlkata.checks.close import ATOL, RTOL, close, pair
from pytest_mlkata.checks.gradients import finite_differences
from pytest_mlkata.checks.wording import called

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


def assert_agrees(
    solution: Any,
    reference: Any,
    name: str,
    /,
    *args: Any,
    parts: str = "",
    note: str = "",
    rtol: float = RTOL,
    atol: float = ATOL,
    magnitude: ArrayLike = 0.0,
    **kwargs: Any,
) -> None:
    """Require that a function of the solution and of the reference agree on some arguments.

    Parameters
    ----------
    solution
        The solution.
    reference
        What has the right function of that name: the fixture `reference`, or the module imported by
        ``from . import reference``, which answers without a process in between.
    name
        The function.
    *args, **kwargs
        Its arguments. Where one of them has fewer digits than float64, so may the answer (see `close`).
    parts
        The parts of the answer by name, such as ``"dw, db"``, if it has several.
    note
        What is special about these arguments, for the message.
    rtol, atol, magnitude
        As of `close`.
    """
    call = called(name, args, kwargs, _parameters(solution, name)) + (f", {note}" if note else "")
    got = getattr(solution, name)(*args, **kwargs)
    expected = getattr(reference, name)(*args, **kwargs)
    compared = [(call, got, expected)]
    if parts:
        labels = [f"{part.strip()} of {call}" for part in parts.split(",")]
        compared = list(zip(labels, pair(got, call, parts), expected, strict=True))
    inputs = (*args, *kwargs.values())
    for label, mine, right in compared:
        close(mine, right, label, inputs=inputs, rtol=rtol, atol=atol, magnitude=magnitude)


def _parameters(solution: Any, name: str) -> tuple[str, ...]:
    """What the stub calls the parameters of a function, if the solution knows."""
    known = getattr(type(solution), "parameters_of", None)
    return tuple(known(solution, name)) if known else ()


def assert_derivative(
    got: Any,
    function: Callable[[NDArray[np.float64]], float],
    point: ArrayLike,
    call: str,
    *,
    step: float = 1e-6,
    rtol: float = 1e-5,
    atol: float = 1e-6,
) -> None:
    """Require that an answer is the derivative of a function, by finite differences.

    Parameters
    ----------
    got
        The answer, in the shape of `point`.
    function
        From an array of that shape, in float64, to the number that is differentiated. Smooth near `point`.
    point
        Where it is differentiated.
    call
        The call that gave the answer.
    step
        As of `finite_differences`.
    rtol, atol
        Allowed difference. By default what central differences reach for values of size one.
    """
    close(got, finite_differences(function, point, step=step), f"{call}, by finite differences", rtol=rtol, atol=atol)
