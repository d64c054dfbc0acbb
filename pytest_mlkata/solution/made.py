"""How to make an object of a submission that a measured call is made on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class _Step:
    """One call: of a class of the submission, or of a method."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Made:
    """An object of the submission, made where a call on it is measured, and before that.

    Pass it as the first argument of a method: ``assert_fast(solution, reference, "Index.search", (made, q))``. An
    ordinary check needs none: ``solution.Index(X).search(q)``.

    Parameters
    ----------
    name
        The class.
    *args, **kwargs
        The arguments of its constructor.
    """

    def __init__(self, name: str, /, *args: Any, **kwargs: Any) -> None:
        self._steps: tuple[_Step, ...] = (_Step(name, args, kwargs),)

    def __repr__(self) -> str:
        """Return what a message shows."""
        return f"<{self.name} of the solution>"

    @property
    def name(self) -> str:
        """The class."""
        return self._steps[0].name

    def then(self, name: str, /, *args: Any, **kwargs: Any) -> Made:
        """Return how to make one of which a method is called, too.

        Parameters
        ----------
        name
            The method.
        *args, **kwargs
            Its arguments.
        """
        longer = Made.__new__(Made)
        longer._steps = (*self._steps, _Step(name, args, kwargs))  # noqa: SLF001 (one of our own)
        return longer

    def steps(self) -> tuple[tuple[str, tuple[Any, ...], dict[str, Any]], ...]:
        """Return the calls as plain values: the name, the arguments, and those by keyword."""
        return tuple((step.name, step.args, step.kwargs) for step in self._steps)
