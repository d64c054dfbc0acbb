"""The pictures in the README show what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[2]
NAMES = ("failing", "passing")


def words(picture: Path) -> list[str]:
    """The text in a picture: how it is cut into pieces depends on the version of rich."""
    texts = ET.parse(picture).iter("{http://www.w3.org/2000/svg}text")
    return "".join(part for text in texts for part in text.itertext()).split()


def test_the_pictures_are_up_to_date(tmp_path: Path) -> None:
    command = (sys.executable, ROOT / "docs" / "pictures.py", tmp_path)
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in NAMES:
        committed = ROOT / "docs" / "_static" / f"{name}.svg"
        again = words(tmp_path / f"{name}.svg")
        assert again == words(committed), "run python docs/pictures.py"
        assert "points" in again


def test_the_readme_shows_them() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown == [f"docs/_static/{name}.svg" for name in NAMES]
