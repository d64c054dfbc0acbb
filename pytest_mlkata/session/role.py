"""What part a process plays in a run: with pytest-xdist there are several."""

from __future__ import annotations

import pytest

_LOOKING = ("collectonly", "setuponly", "setupplan", "showfixtures", "show_fixtures_per_test", "cacheshow")
"""pytest's options to show something instead of running tests."""


def is_worker(config: pytest.Config) -> bool:
    """Whether this is a process of pytest-xdist: it runs checks, but does not report."""
    return hasattr(config, "workerinput")


def is_controller(config: pytest.Config) -> bool:
    """Whether the checks run in processes of pytest-xdist instead of this one."""
    return not is_worker(config) and config.pluginmanager.hasplugin("dsession")


def only_looks(config: pytest.Config) -> bool:
    """Whether no check is to run, so that there is nothing to report."""
    return any(getattr(config.option, name, False) for name in _LOOKING)
