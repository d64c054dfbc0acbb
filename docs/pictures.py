"""Makes the pictures in the README: what a terminal of 80 columns shows of a failing and of a passing run.

python docs/pictures.py [FOLDER]
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
KATA = "logistic_regression"
COMMAND = f"pytest --kata {KATA}"
COLUMNS = 80
SCREENS = {"failing": "first_try", "passing": "solutions"}
"""From the name of a picture to the folder of examples that it shows."""


def main() -> None:
    """Write the pictures into the folder that was named, or into ``docs/_static``."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("_static")
    for name, example in SCREENS.items():
        path = folder / f"{name}.svg"
        path.write_text(picture(name, screen(ROOT / "examples" / example / f"{KATA}.py")), encoding="utf-8")
        print(path)


def screen(solution: Path) -> str:
    """What a person sees who grades `solution`, without the lines that differ from run to run."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "solutions").mkdir()
        shutil.copy(solution, Path(folder) / "solutions")
        shown = in_a_terminal([sys.executable, "-m", *COMMAND.split(), "-p", "no:randomly"], Path(folder))
    start = re.search(r"\n\n(?=[^\n]*Logistic regression)", shown)
    end = re.search(r"\n[^\n]*=+[^\n]* in [\d.]+s", shown)
    if start is None or end is None:
        raise SystemExit(f"there is no scorecard in what was shown:\n{shown}")
    return shown[start.end() : end.start()].rstrip()


def in_a_terminal(command: list[str], folder: Path) -> str:
    """Run a command in a pseudo-terminal, and return what it wrote there, colours included."""
    ours, theirs = pty.openpty()
    environment = {"COLUMNS": str(COLUMNS), "TERM": "xterm", "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    written = b""
    while chunk := _read(ours):
        written += chunk
    os.close(ours)
    process.wait()
    return written.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # what Linux says when the last process has closed the other end
        return b""


def picture(name: str, shown: str) -> str:
    """Draw what a terminal shows, as SVG."""
    console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115, PTH123
    console.print(Text.assemble(("$ ", "dim"), (COMMAND, "bold")))
    console.print()
    console.print(Text.from_ansi(shown))
    drawn: str = console.export_svg(title=COMMAND, unique_id=name)
    # A picture fetches nothing, so it uses a font that is there.
    alone = re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    return "\n".join(line.rstrip() for line in alone.splitlines()) + "\n"


if __name__ == "__main__":
    main()
