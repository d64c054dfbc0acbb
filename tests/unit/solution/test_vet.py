from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pytest_mlkata.errors import SubmissionUnloadable
from pytest_mlkata.solution.vet import vet

if TYPE_CHECKING:
    from pathlib import Path

BANNED = ("sklearn", "torch", "scipy.stats", "scipy.optimize")


def refusal(tmp_path: Path, content: str | bytes, banned: tuple[str, ...] = BANNED) -> str:
    path = tmp_path / "knn.py"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SubmissionUnloadable) as caught:
        vet(path, banned)
    return str(caught.value)


def accepted(tmp_path: Path, content: str | bytes) -> str:
    path = tmp_path / "knn.py"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return vet(path, BANNED)


def test_a_plain_file_comes_back_as_it_is(tmp_path: Path) -> None:
    source = '"""é"""\nimport numpy as np\n\n\ndef f(x):\n    return np.linalg.norm(x)\n'
    assert accepted(tmp_path, source) == source


def test_line_ends_and_byte_order_mark_are_normalised(tmp_path: Path) -> None:
    assert accepted(tmp_path, b"\xef\xbb\xbfa = 1\r\nb = 2\rc = 3\n") == "a = 1\nb = 2\nc = 3\n"


def test_a_declared_encoding_is_honoured(tmp_path: Path) -> None:
    assert "é" in accepted(tmp_path, "# -*- coding: latin-1 -*-\na = 'é'\n".encode("latin-1"))


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    assert accepted(tmp_path, "") == ""


def test_an_odd_escape_is_no_error_under_strict_warnings(tmp_path: Path) -> None:
    assert accepted(tmp_path, 'a = "\\d"\nb = 1 is 1\n')


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb = '\xe9'\n", "knn.py, line 2: is not valid utf-8; save it as UTF-8"),
        (b"b = '\xe9'\n", "knn.py, line 1: is not valid utf-8; save it as UTF-8"),
        (b"# coding: unicode_escape\na = '\\ud800'\n", "knn.py: is not valid Python: .*surrogates not allowed"),
        (b"# coding: klingon\n", "knn.py: is in no encoding that Python can read; save it as UTF-8"),
        (b"# coding: rot13\n", "knn.py: is in no encoding that Python can read; save it as UTF-8"),
        (b"a = 1\n\0", "knn.py, line 2: contains a null byte; save it as plain text in UTF-8"),
        ("a = 1\n\nf(a\n", r"knn.py, line 3: SyntaxError: '\(' was never closed \(`f\(a`\)"),
        ("def f():\nreturn 1\n", "knn.py, line 2: IndentationError: expected an indented block.*"),
        ("a = 1\nreturn a\n", "knn.py, line 2: SyntaxError: 'return' outside function"),
        ("-" * 100_000 + "1", "knn.py(, line 1)?: .*(too deeply|too complex|too many).*"),
        ("1" + "+1" * 99_000, "knn.py: is nested too deeply for Python to parse it"),
        ("x = 1\n" * 200_000, "knn.py: is larger than 200 kB; a solution is a short Python file"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_python_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    assert re.fullmatch(message, refusal(tmp_path, content))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SubmissionUnloadable, match=r"gone.py: cannot be read: No such file"):
        vet(tmp_path / "gone.py", BANNED)


def test_memory_running_out_in_the_parser_is_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("ast.parse", parse)
    assert "nested too deeply" in refusal(tmp_path, "a = 1")


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import sklearn", "imports sklearn"),
        ("import numpy, sklearn.linear_model as lm", "imports sklearn"),
        ("def f():\n  from sklearn.linear_model import LogisticRegression", "imports sklearn"),
        ("from scipy import special, stats as s", "imports scipy.stats"),
        ("from scipy.stats import norm", "imports scipy.stats"),
        ("from scipy.stats import *", "imports scipy.stats"),
        ("from scipy import *", "imports scipy.stats along with everything beside it"),
        ("import scipy\nscipy.stats.norm", "uses scipy.stats"),
        ("import scipy.special\nscipy.optimize.minimize(f, 0)", "uses scipy.optimize"),
        ("import scipy as sp\nf = lambda: sp.stats", "uses scipy.stats"),
        ("import numpy as x\nimport scipy as x\nx.stats", "uses scipy.stats"),
        ("import scipy\ngetattr(scipy, 'stats').norm", "uses scipy.stats"),
        ("__import__('torch.nn')", "imports torch"),
        ("__import__(name='torch')", "imports torch"),
        ("import importlib\nimportlib.import_module('sklearn')", "imports sklearn"),
        ("from importlib import import_module as load\nload('sklearn.svm')", "imports sklearn"),
        ("import builtins\nbuiltins.__import__('torch')", "imports torch"),
    ],
)
def test_banned_imports_are_found(tmp_path: Path, source: str, what: str) -> None:
    line = source.count("\n") + 1
    assert refusal(tmp_path, source) == f"knn.py, line {line}: {what}, which this kata bans; write it yourself"


@pytest.mark.parametrize(
    "source",
    [
        "import scipy.special\nscipy.special.expit(0)",
        "from scipy import special",
        "import sklearnish\nimport torchvision",
        "from . import sklearn",
        "from .sklearn import svm",
        "stats = 1\nclass scipy: stats = 2\nscipy.stats",
        "import numpy as np\nnp.stats\nf().stats\n(1).stats",
        "load = str\nload('sklearn')\n__import__()\n__import__(name)",
        "# import sklearn\na = 'import sklearn'",
    ],
)
def test_what_only_resembles_a_banned_import_passes(tmp_path: Path, source: str) -> None:
    assert accepted(tmp_path, source) == source


def test_the_first_line_is_named(tmp_path: Path) -> None:
    assert "line 2: imports torch" in refusal(tmp_path, "def f(): pass\nimport torch\nimport sklearn\n")


def test_what_never_runs_may_import_what_it_likes(tmp_path: Path) -> None:
    accepted(tmp_path, 'a = 1\nif __name__ == "__main__":\n    import torch\n    torch.zeros(1)\n')
    accepted(tmp_path, "import typing\nif typing.TYPE_CHECKING:\n    import torch\n")
    assert "imports torch" in refusal(tmp_path, 'if __name__ == "__main__":\n    a = 1\nelse:\n    import torch\n')
    assert "imports torch" in refusal(tmp_path, 'if __name__ != "__main__":\n    import torch\n')
