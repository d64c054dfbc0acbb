"""The pytest plugin: hooks that hand on to `pytest_mlkata.session`.

Every pytest run on the machine loads this module, so it imports nothing heavy; without ``--kata`` it does nothing.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path

import pytest

from pytest_mlkata.session import options


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options."""
    options.add(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the hook that hands out the result of a run."""
    from pytest_mlkata.session import hookspecs  # noqa: PLC0415  # see the module's docstring

    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Keep the user's conftest files out of a grading run."""
    if early_config.known_args_namespace.kata is not None:
        from pytest_mlkata.session import launch  # noqa: PLC0415

        launch.forget_user_settings(early_config)
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | pytest.ExitCode | None:
    """Grade, if that is what was asked for."""
    if config.option.kata is None or config.option.kata_run is not None:
        return None
    from pytest_mlkata.session import launch  # noqa: PLC0415

    return launch.run_for(config)


def pytest_configure(config: pytest.Config) -> None:
    """Become a grading run, if this is the inner one."""
    if config.option.kata_run is not None:
        from pytest_mlkata.session import inner  # noqa: PLC0415

        inner.register(config)


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Leave kata folders alone: their checks make no sense as plain tests."""
    return _KataFolder.from_parent(parent, path=path) if (path / "kata.toml").is_file() else None


class _KataFolder(pytest.Directory):
    """A kata's folder in a plain run, in which it has no tests."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        return ()
