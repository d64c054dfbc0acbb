"""The modules that a submission is given: the standard library, and a few libraries at known places.

With them at known places, no folder of packages has to be on the path, or be readable.

This module is loaded by the worker too: the standard library only.
"""

from __future__ import annotations

import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder
from importlib.util import spec_from_file_location
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class GivenFinder:
    """Finds the libraries that are given, and says of every other that it is not.

    Parameters
    ----------
    places
        For each library its file: the ``__init__.py`` of a package.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a library; leave the standard library and parts of packages to others."""
        del target
        if path is not None or name in sys.stdlib_module_names:
            return None
        if name not in self._places:
            if name.startswith("_"):
                return None
            given = ", ".join(sorted(self._places))
            raise ModuleNotFoundError(f"{name} is not given: there is the standard library, and {given}", name=name)
        place = PurePath(self._places[name])
        folders = [str(place.parent)] if place.stem == "__init__" else None
        return spec_from_file_location(name, str(place), submodule_search_locations=folders)


def library_paths(files: Iterable[str]) -> list[str]:
    """Return the files and folders of libraries, with the shared libraries that wheels put beside them."""
    places = [PurePath(file) for file in files]
    places = [place.parent if place.stem == "__init__" else place for place in places]
    return [str(path) for place in places for path in (place, place.with_name(f"{place.stem}.libs"))]


def give(places: Mapping[str, str]) -> None:
    """Have this process import these libraries and the standard library, and nothing else."""
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, GivenFinder(places), PathFinder]
