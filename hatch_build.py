"""Puts the katas into the wheel, as one archive; an editable install finds them beside the package.

pytest lists every file of an installed plugin at every start, and the katas are hundreds of small ones.
`pytest_mlkata/kata/archive.py` unpacks them.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_LEFTOVERS = (".pyc", ".pyo", "~")
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


class KatasHook(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is of no use here
    """Adds the folder `katas` to a standard wheel."""

    _folder: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes in; called by hatchling before it builds."""
        if self.target_name == "wheel" and version == "standard":
            self._folder = tempfile.TemporaryDirectory()
            archive = Path(self._folder.name) / "katas.zip"
            pack(Path(self.root) / "katas", archive)
            build_data["force_include"][str(archive)] = "pytest_mlkata/katas.zip"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Clear up; called by hatchling after it built."""
        if self._folder is not None:
            self._folder.cleanup()


def pack(folder: Path, archive: Path) -> None:
    """Write the files in `folder` to `archive`: equal files make equal bytes, whenever and wherever that is done."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    names = [name for name in sorted(files) if _is_shipped(name)]
    if not any(name.endswith("/kata.toml") for name in names):
        raise FileNotFoundError(f"there is no kata in {folder}; build from a clone or from an unpacked sdist")
    with zipfile.ZipFile(archive, "w") as made:
        for name in names:
            info = zipfile.ZipInfo(name, _NO_DATE)
            info.create_system = _UNIX
            info.external_attr = _PLAIN_FILE
            made.writestr(info, files[name].read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)


def _is_shipped(name: str) -> bool:
    """Whether the file is part of a kata, and not what a tool left beside it."""
    parts = name.split("/")
    return not any(part.startswith(".") or part == "__pycache__" for part in parts) and not name.endswith(_LEFTOVERS)
