"""Puts the katas into the wheel; an editable install finds them beside the package."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KatasHook(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is of no use here
    """Adds the folder `katas` to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name what goes in; called by hatchling before it builds."""
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"]["katas"] = "pytest_mlkata/bundled"
