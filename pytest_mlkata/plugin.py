"""The pytest plugin: hooks that hand on to `pytest_mlkata.session`.

Every pytest run on the machine loads this module, so it imports nothing heavy; without ``--kata`` it does nothing.
Each name in here is looked at by pytest for a hook, which takes longer than most hooks do: there are none to spare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_mlkata import options

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options."""
    options.add(parser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Keep the user's conftest files out of a grading run."""
    if early_config.known_args_namespace.kata is not None:
        from pytest_mlkata.session import launch  # noqa: PLC0415  # see the module's docstring

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
    """Declare the hook that hands out the result of a run, and become a grading run, if this is the inner one.

    In a plain run nobody calls the hook; but where a plugin is ready for it, pytest must know it.
    """
    grades = config.option.kata_run is not None
    if grades or hasattr(config.hook, "pytest_mlkata_report"):
        from pytest_mlkata.session import hookspecs  # noqa: PLC0415

        config.pluginmanager.add_hookspecs(hookspecs)
    if grades:
        from pytest_mlkata.session import inner  # noqa: PLC0415

        inner.register(config)


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Leave kata folders alone: their checks make no sense as plain tests."""
    if not (path / "kata.toml").is_file():
        return None
    from pytest_mlkata.session.kata_folder import KataFolder  # noqa: PLC0415

    return KataFolder.from_parent(parent, path=path)
