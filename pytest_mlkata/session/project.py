"""The user's project: where it is, and what its pytest settings say of katas and solutions."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_mlkata import options
from pytest_mlkata.errors import MlkataError
from pytest_mlkata.kata.discovery import Catalog, discover
from pytest_mlkata.options import INI_PATHS, INI_SOLUTIONS


@dataclass(frozen=True)
class Project:
    """What the user's pytest settings say: the root, further kata folders, the folder of solutions."""

    root: Path
    kata_paths: tuple[Path, ...]
    solutions: Path

    @classmethod
    def of(cls, config: pytest.Config) -> Project:
        """The project that `config` was read from."""
        return cls(
            root=config.rootpath,
            kata_paths=tuple(config.getini(INI_PATHS)),
            solutions=config.rootpath / config.getini(INI_SOLUTIONS),
        )

    @classmethod
    def here(cls, overrides: Sequence[str] = ()) -> Project:
        """The project around the current folder, found and read by pytest itself.

        Parameters
        ----------
        overrides
            Settings that take the place of those in the ini file, as in ``pytest -o name=value``.
        """
        reader = _ProjectReader()
        # The project's warnings are for its tests: as errors they would end even the reading of its settings. And to
        # read them takes none of the plugins that are installed: most are heavy, some import NumPy.
        ours = ("addopts=", "filterwarnings=", "required_plugins=")
        settings = [part for each in (*overrides, *ours) for part in ("-o", each)]
        with without("PYTEST_ADDOPTS"), without("PYTEST_PLUGINS"):
            pytest.main(["--noconftest", "--disable-plugin-autoload", "-p", "no:terminal", *settings], plugins=[reader])
        if reader.project is None:
            raise MlkataError("pytest cannot read the settings of this project, and says why above; mend them first")
        return reader.project

    def solved(self) -> frozenset[str]:
        """The names of the katas that have a solution here, be it just begun."""
        try:
            with os.scandir(self.solutions) as entries:
                return frozenset(entry.name[:-3] for entry in entries if entry.name.endswith(".py") and entry.is_file())
        except OSError:  # there is no such folder yet
            return frozenset()

    def catalog(self, given: Sequence[Path] = ()) -> Catalog:
        """The katas that can be asked for here, and in the folders `given`."""
        return discover(given=given, configured=self.kata_paths, root=self.root)


class _ProjectReader:
    """Takes the configuration of a pytest that does nothing else, and that knows no plugin but our options."""

    def __init__(self) -> None:
        self.project: Project | None = None

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        options.add(parser)

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> int:
        self.project = Project.of(config)
        return 0


@contextmanager
def without(variable: str) -> Iterator[None]:
    """Take an environment variable away for a while."""
    value = os.environ.pop(variable, None)
    try:
        yield
    finally:
        if value is not None:
            os.environ[variable] = value
