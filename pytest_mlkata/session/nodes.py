"""Katas as pytest nodes: a root, a directory for each grading, a file for each category."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from types import ModuleType

import pytest

from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.manifest import check_files, lacks, load_kata
from pytest_mlkata.kata.stub import read_stub
from pytest_mlkata.model import Check, Kata
from pytest_mlkata.scoring import category_rank
from pytest_mlkata.session.catalog import declare
from pytest_mlkata.session.engine import Bench
from pytest_mlkata.session.request import OWN_TESTS, Grading, RunRequest

MODULES = "mlkata_kata_"
"""How the modules of hidden folders begin in `sys.modules`."""

CHECK = pytest.StashKey[Check]()
"""The declared check behind an item."""

BENCH = pytest.StashKey[Bench]()
"""Where the node of a grading keeps its bench."""


class KataRoot(pytest.Directory):
    """Stands at the root of the user's project and holds the gradings; nothing else is collected."""

    request: RunRequest
    open_bench: Callable[[KataNode], None]
    grade_tests: Callable[[OwnTestsItem], None]

    def collect(self) -> Iterable[pytest.Collector]:
        """One node for each grading."""
        for grading in self.request.gradings:
            yield KataNode.from_parent(self, path=grading.folder, nodeid=grading.name, grading=grading)


class KataNode(pytest.Directory):
    """One submission to one kata. Its `setup` makes the solution available, its `teardown` ends it."""

    def __init__(self, *, grading: Grading, **rest: object) -> None:
        super().__init__(name=grading.name, **rest)  # type: ignore[arg-type]  # pytest passes path, parent, nodeid
        self.grading = grading
        self.kata: Kata | None = None
        self.checks: tuple[Check, ...] = ()
        """Every check of the kata: the denominator of the scorecard."""
        self.lacks = ""
        """What is not installed that the kata needs, in words: then no check is run."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """One node for each category, and one for the learner's own tests.

        The files collect their checks here and now: a plugin that skips files (``--lf``) would otherwise take
        points out of the denominator.
        """
        try:
            kata = load_kata(self.grading.folder)
            functions = tuple(function.name for function in read_stub(kata.stub))
        except KataError as error:
            raise self.CollectError(str(error)) from None
        self.kata = kata
        self.lacks = lacks(kata)
        files = sorted(check_files(kata), key=lambda path: category_rank(_category(path)))
        nodes = [
            CheckFile.from_parent(self, path=path, nodeid=f"{self.grading.name}/{path.name}", functions=functions)
            for path in files
        ]
        for node in nodes:
            node.declare()
        if self.lacks:
            nodes = [node for node in nodes if node.is_sound]
            if not nodes:
                raise self.CollectError(f"{self.path}: {kata.name} {self.lacks}")
        return nodes if self.grading.tests is None else [*nodes, self._own_tests()]

    def _own_tests(self) -> OwnTestsItem:
        return OwnTestsItem.from_parent(self, name=OWN_TESTS, nodeid=f"{self.grading.name}/{OWN_TESTS}")

    def setup(self) -> None:
        """Make the solution callable; it ends with this node."""
        root = self.getparent(KataRoot)
        assert root is not None
        root.open_bench(self)


class OwnTestsItem(pytest.Item):
    """The learner's own tests on every solution of the kata: one item, since what they catch depends on all of them."""

    def runtest(self) -> None:
        """Run them."""
        root = self.getparent(KataRoot)
        assert root is not None
        root.grade_tests(self)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the tests are."""
        return self.path, None, self.nodeid


class CheckFile(pytest.Module):
    """The checks of one category."""

    def __init__(self, *, functions: tuple[str, ...], **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # pytest passes path, parent, nodeid
        self.functions = functions
        self._items: list[pytest.Item | pytest.Collector] = []
        self._fault: BaseException | None = None

    @property
    def category(self) -> str:
        """The category on the scorecard."""
        return _category(self.path)

    def declare(self) -> None:
        """Collect the checks and count them in; a fault is kept for `collect`, where pytest reports it."""
        try:
            kata_node(self).checks += self._declare_all()
        except KataError as fault:
            self._fault = self.CollectError(str(fault))
        except pytest.fail.Exception as fault:  # pytest's own words, which do not name the file
            self._fault = self.CollectError(f"{self.path}: {fault}")
        except (Exception, pytest.skip.Exception) as fault:  # noqa: BLE001  # a kata's file can raise anything
            self._fault = fault

    @property
    def is_sound(self) -> bool:
        """Whether `declare` found checks; it need not be the file's fault where what the kata needs is not there."""
        return self._fault is None

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The checks found by `declare`."""
        if self._fault is not None:
            raise self._fault
        return self._items

    def _declare_all(self) -> tuple[Check, ...]:
        self._items = list(super().collect())
        if not self._items:
            raise KataError(f"{self.path}: has no check; a check is a function test_…, not in a class")
        return tuple(self._declare(item) for item in self._items)

    def _declare(self, item: pytest.Item | pytest.Collector) -> Check:
        if not isinstance(item, pytest.Function):
            raise self.CollectError(f"{self.path}: {item.name} is not a function; a check is a function")
        check = declare(item, self.path, self.category, self.functions)
        item.stash[CHECK] = check
        return check

    def _getobj(self) -> ModuleType:
        """Import the file as part of a package of its own, so that it can say ``from .reference import …``."""
        package = _package(self.path.parent)
        try:
            return importlib.import_module(f"{package}.{self.path.stem}")
        except (Exception, SystemExit) as error:
            raise self.CollectError(_import_fault(self.path, error)) from error


def kata_node(node: pytest.Item | pytest.Collector) -> KataNode:
    """The grading that `node` belongs to."""
    found = node.getparent(KataNode)
    assert found is not None
    return found


def forget_modules() -> None:
    """Drop the modules of hidden folders, so that the next run in this process reads them anew."""
    for name in [name for name in sys.modules if name.startswith(MODULES)]:
        del sys.modules[name]


def _package(hidden: Path) -> str:
    """The name of the package that stands for the folder `hidden`."""
    digest = blake2b(str(hidden).encode(), digest_size=6).hexdigest()
    name = f"{MODULES}{hidden.parent.name}_{digest}"
    if name not in sys.modules:
        package = ModuleType(name, "The hidden folder of a kata.")
        package.__path__ = [str(hidden)]
        sys.modules[name] = package
        importlib.invalidate_caches()
    return name


def _import_fault(path: Path, error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        file = Path(error.filename or path)
        return f"{file}, line {error.lineno}: SyntaxError: {error.msg}; mend {_called(file)}"
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == path.parent
    ]
    file = Path(frames[-1].filename) if frames else path
    where = f"{file}, line {frames[-1].lineno}" if frames else str(file)
    return f"{where}: cannot be imported: {type(error).__name__}: {error}; mend {_called(file)}"


def _called(file: Path) -> str:
    if file.name == "reference.py":
        return "the reference"
    return "the check file" if file.name.startswith("test_") else file.name


def _category(path: Path) -> str:
    return path.stem.removeprefix("test_")
