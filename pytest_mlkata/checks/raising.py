"""Checks of bad input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_mlkata.checks.wording import called, shown
from pytest_mlkata.errors import CheckFailed, SubmissionRaised


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
