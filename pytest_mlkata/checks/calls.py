"""What a call must do: say what the reference says, be the derivative of a function, or raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from pytest_mlkata.checks.close import ATOL, RTOL, close, pair
from pytest_mlkata.checks.wording import called, shown
from pytest_mlkata.errors import CheckFailed, SubmissionRaised

if TYPE_CHECKING:
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


def finite_differences(
    function: Callable[[NDArray[np.float64]], float],
    point: ArrayLike,
    *,
    step: float = 1e-6,
) -> NDArray[np.float64]:
    """Differentiate a function of an array by central differences, in float64.

    Parameters
    ----------
    function
        From an array of the shape of `point` to a number. Smooth within `step` of the point.
    point
        Where to differentiate.
    step
        Half the distance of the two points of a difference. The error is about ``step ** 2`` plus the rounding
        error of `function` divided by `step`: expect agreement to about 1e-6 with values of size one.

    Returns
    -------
    numpy.ndarray
        The derivative by each element, in the shape of `point`.
    """
    centre = np.array(point, dtype=np.float64)
    slopes = np.empty_like(centre)
    for index in np.ndindex(centre.shape):
        ahead, behind = centre.copy(), centre.copy()
        ahead[index] += step
        behind[index] -= step
        # What was added differs from `step` by rounding, so divide by the distance that really lies between.
        slopes[index] = (float(function(ahead)) - float(function(behind))) / (ahead[index] - behind[index])
    return slopes


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


def raises(
    expected: type[Exception],
    function: Callable[..., Any],
    /,
    *args: Any,
    because: str,
    **kwargs: Any,
) -> None:
    """Require that a call raises.

    Parameters
    ----------
    expected
        The class; a subclass counts.
    function
        A function of the solution, such as ``solution.fit``.
    *args, **kwargs
        The arguments of the call.
    because
        What is wrong with them, as the learner is told it: ``"labels other than 0/1"``.
    """
    call = called(str(getattr(function, "__name__", function)), args, kwargs)
    wanted = f"{call} must raise {expected.__name__} for {because}"
    try:
        got = function(*args, **kwargs)
    except SubmissionRaised as error:
        if isinstance(error, expected):
            return
        raise CheckFailed(f"{wanted}. Instead: {error}") from error
    raise CheckFailed(f"{wanted}, but returned {shown(got)}")
