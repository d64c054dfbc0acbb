"""What the plugin costs where nobody uses it: `python benchmarks/idle.py` (needs valgrind; Linux).

Counted are instructions, which repeat where seconds do not. The plugin is installed from a wheel into a Python that has
pytest and its peers, as a user's would be; it adds to every start of pytest what it loads, and that it is looked at.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from measuring import ROOT, tell, title

_PEERS: Final = {"pytest-cov": "pytest_cov", "pytest-xdist": "xdist", "hypothesis": "hypothesispytest"}
_COUNT: Final = re.compile(r"I\s+refs:\s+([\d,]+)")
_TESTS: Final = 200


def instructions(python: Path, folder: Path, tests: str, off: tuple[str, ...], more: Mapping[str, str]) -> int:
    """Count the instructions of a pytest run of one file, with some plugins switched off."""
    switched = [part for name in off for part in ("-p", f"no:{name}")]
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *switched, tests]
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", "LANG": "C.UTF-8", **more}
    # Once without counting: what is compiled then stays.
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    counted = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *command]
    done = subprocess.run(counted, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    found = _COUNT.search(done.stderr)
    assert found, done.stderr
    return int(found[1].replace(",", ""))


def installed(folder: Path) -> tuple[Path, Path]:
    """Make a Python with pytest and the peers, and a folder with the plugin that it can be given."""
    tell("installing pytest and the plugin")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "python")], check=True)
    python = folder / "python" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "pytest", *_PEERS], check=True, capture_output=True)
    plugin = folder / "plugin"
    subprocess.run([*pip, "--no-deps", "--target", str(plugin), str(ROOT)], check=True, capture_output=True)
    return python, plugin


def main() -> None:
    """Measure and print."""
    title("Installed and not used (instructions)")
    if shutil.which("valgrind") is None:
        print("measured where valgrind is installed only")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python, plugin = installed(folder)
        one, many = folder / "test_one.py", folder / "test_many.py"
        one.write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        many.write_text("".join(f"def test_{i}():\n    pass\n\n\n" for i in range(_TESTS + 1)), encoding="utf-8")
        peers = tuple(_PEERS.values())
        ours = {"PYTHONPATH": str(plugin)}
        tell("counting: pytest alone")
        alone, alone_many = (instructions(python, folder, each.name, peers, {}) for each in (one, many))
        tell("counting: with pytest-mlkata")
        with_it, with_it_many = (instructions(python, folder, each.name, peers, ours) for each in (one, many))
        print(f"{'pytest-mlkata / pytest':64} {with_it / alone - 1:+8.2%}   (aim: at most +1 %)")
        for distribution, plugin_name in _PEERS.items():
            tell(f"counting: with {distribution}")
            off = tuple(each for each in peers if each != plugin_name)
            count = instructions(python, folder, one.name, off, {})
            print(f"{f'{distribution} / pytest':64} {count / alone - 1:+8.2%}")
        tell("")
        per_test = (with_it_many - with_it - alone_many + alone) / _TESTS
        print(f"{'pytest-mlkata, each test':64} {per_test * _TESTS / (alone_many - alone):+8.2%}")


if __name__ == "__main__":
    main()
