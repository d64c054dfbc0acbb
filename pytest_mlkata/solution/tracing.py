"""Runs a submission in this process and takes down which of its lines follow which: what its branches are told from.

Only a solution that is trusted is run so. Nothing that is measured meanwhile means anything: tracing takes time, and
what is only counted or weighed is called plainly, so that its lines are seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .inprocess import InProcess

if TYPE_CHECKING:
    from .arcs import Arcs

_TRACED: Final = {
    "count": "prepare",
    "call before counting": "call keeping freely",
    "make before counting": "make",
}
"""What is done with the submission itself, where otherwise it would be with a copy."""


class Traced(InProcess):
    """Runs a submission in this process and adds what it sees to `arcs`.

    Parameters
    ----------
    source
        As of `Backend`.
    arcs
        What was seen so far.
    **rest
        As of `InProcess`.
    """

    def __init__(self, source: str, arcs: Arcs, **rest: Any) -> None:
        super().__init__(source, **rest)
        self._arcs = arcs

    def _exchange(self, operation: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
        with self._arcs.taking():
            kind, content = super()._exchange(_TRACED.get(operation, operation), arguments)
            if operation == "count" and kind == "value":
                kind, content = super()._exchange("run", ())
        return (kind, {}) if operation == "count" and kind == "value" else (kind, content)
