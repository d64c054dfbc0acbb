from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlkata.authoring.scan import scan_findings
from pytest_mlkata.model import Kata


def scanned(tmp_path: Path, text: str) -> list[str]:
    hidden = tmp_path / "ranks" / "hidden"
    hidden.mkdir(parents=True)
    (hidden / "problems.py").write_text(text)
    return [finding.message for finding in scan_findings(Kata("ranks", hidden.parent, "Ranks", 3, "ml-coding", 5))]


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("import time\nt = time.perf_counter()", "time.perf_counter"),
        ("import time as clock\nt = clock.time()", "time.time"),
        ("from time import perf_counter as now\nt = now()", "time.perf_counter"),
        ("import datetime as dt\nt = dt.datetime.now()", "datetime.datetime.now"),
        ("from datetime import date\nt = date.today()", "datetime.date.today"),
        ("import numpy as np\nt = np.datetime64('now')", "numpy.datetime64"),
        ("import random\nx = random.random()", "random.random"),
        ("import random\nx = random.Random()", "random.Random"),
        ("import random\nx = choose(random)", "random"),
        ("import numpy as np\nx = np.random.rand(3)", "numpy.random.rand"),
        ("import numpy as np\nx = np.random.default_rng()", "numpy.random.default_rng"),
        ("import numpy as np\nx = np.random.default_rng(None)", "numpy.random.default_rng"),
        ("import numpy.random\nx = numpy.random.seed(0)", "numpy.random.seed"),
        ("from numpy.random import default_rng\nx = default_rng(seed=None)", "numpy.random.default_rng"),
        ("from numpy import random as chance\nx = chance.normal()", "numpy.random.normal"),
        ("import os\nx = os.environ['HOME']", "os.environ"),
        ("from os import urandom\nx = urandom(3)", "os.urandom"),
        ("import uuid\nx = uuid.uuid4()", "uuid.uuid4"),
        ("import secrets\nx = secrets.token_hex()", "secrets.token_hex"),
        ("def f():\n    import time; return time.monotonic()", "time.monotonic"),
    ],
)
def test_clocks_and_chance_are_found(tmp_path: Path, text: str, used: str) -> None:
    (message,) = scanned(tmp_path, text)
    assert message.startswith(f"line 2: `{used}` ")


def test_a_star_hides_what_is_used(tmp_path: Path) -> None:
    (message,) = scanned(tmp_path, "from random import *\n")
    assert message.startswith("line 1: `from random import *` draws at random; ")


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nx = np.random.default_rng(0).normal(size=3)",
        "import numpy as np\nx = np.random.default_rng(seed=seed)",
        "import numpy as np\ndef f(rng: np.random.Generator): return rng.normal()",
        "import numpy as np\nx = np.random.Generator(np.random.PCG64(1))",
        "import random\nx = random.Random(0).random()",
        "import os\nx = os.path.join('a', 'b')",
        "from datetime import datetime, timedelta\nx = datetime(2020, 1, 1) + timedelta(days=1)",
        "import numpy as np\nx = np.datetime64('2020-01-01')",
        "import uuid\nx = uuid.UUID(int=3)",
        "def f(time, random): return time.time() + random.random()",
        "from numpy import *",
        "from hypothesis import strategies as st\nx = st.randoms()",
        "def f(:",
    ],
)
def test_what_is_the_same_each_time_is_let_through(tmp_path: Path, text: str) -> None:
    assert scanned(tmp_path, text) == []
