"""Shares gradings between the processes of pytest-xdist: each grading is the work of one of them.

So its solution is started once, no check on time is disturbed by another check of the same grading, and what a
diagnosis says rests on all that was seen. To be loaded only where pytest-xdist is.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from pytest_mlkata.session.request import OWN_TESTS


class _ByGrading(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    def _split_scope(self, nodeid: str) -> str:
        # A learner's own tests have processes of their own anyway.
        return nodeid if nodeid.endswith(f"/{OWN_TESTS}") else nodeid.partition("/")[0]

    def remove_node(self, node: Any) -> str | None:
        """Return the check that a process was at when it ended; it is not run again, for it would end the next one."""
        for unit in self.assigned_work.get(node, {}).values():
            for nodeid, done in unit.items():
                if not done:
                    unit[nodeid] = True
                    super().remove_node(node)
                    return str(nodeid)
        return super().remove_node(node)  # type: ignore[no-any-return]  # it has no types


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Keep the checks of a grading together."""
    return _ByGrading(config, log)
