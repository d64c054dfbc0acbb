"""Runs a submission in this process and takes down which of its lines follow which: what its branches are told from.

Only a solution that is trusted is run so. Nothing that is measured meanwhile means anything: tracing takes time, and
what is only counted or weighed is called plainly, so that its lines are seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .inprocess import InProcess

if TYPE_CHECKING:
    from .arcs import Arcs


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
        counts = operation == "count"
        with self._arcs.taking():
            kind, content = super()._exchange("call freely" if counts else operation, arguments)
        return (kind, {}) if counts and kind == "value" else (kind, content)
