"""Loads the references of shipped katas, which are on no path."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

KATAS = Path(__file__).parents[2] / "katas"


def reference_of(name: str) -> ModuleType:
    """Import the reference of a kata in the source tree."""
    path = KATAS / name / "hidden" / "reference.py"
    spec = importlib.util.spec_from_file_location(f"{name}_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
