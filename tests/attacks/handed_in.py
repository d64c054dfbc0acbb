"""What is handed in: files beside the solution, links, texts that are made to break whoever reads them."""

from attack import HEAD, Attack, mean, strike

_WRONG = mean("return -1.0")
_WRITES = mean("open('$target', 'w')\nreturn -1.0")
_MARK = "import pathlib\npathlib.Path('$target').touch()\n"


def _beside(name: str, tries: str, *files: tuple[str, str]) -> Attack:
    return Attack(name, tries, _WRONG, beside=files, alone=True)


def _text(name: str, tries: str, source: str) -> Attack:
    return Attack(name, tries, source, at_import=True)


HANDED_IN = (
    _beside("conftest_beside", "brings a conftest.py along", ("conftest.py", _MARK)),
    _beside("ini_beside", "brings a pytest.ini along with settings that change points",
            ("pytest.ini", "[pytest]\naddopts = -k double -p no:mlkata\n"), ("conftest.py", _MARK)),
    _beside("ini_that_imports", "brings a pytest.ini along that has pytest import a module beside it",
            ("pytest.ini", "[pytest]\npythonpath = .\nfilterwarnings = ignore::evil.Evil\n"),
            ("evil.py", _MARK + "class Evil(Warning):\n    pass\n")),
    _beside("plugin_beside", "brings a plugin along, and settings that load it",
            ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['.']\naddopts = ['-p', 'evil']\n"),
            ("tox.ini", "[pytest]\npythonpath = .\naddopts = -p evil\n"), ("evil.py", _MARK)),
    Attack("careless_isolation", "brings settings along that ask for no isolation, where PATH is a word of its own",
           _WRITES, beside=(("pytest.ini", "[pytest]\naddopts = --kata-isolation=none\n"),), alone=True, careless=True),
    Attack("careless_plugin", "brings a plugin along, where PATH is a word of its own", _WRONG,
           beside=(("pytest.ini", "[pytest]\npythonpath = .\naddopts = -p evil\n"), ("evil.py", _MARK)),
           alone=True, careless=True),
    _beside("modules_beside", "brings modules along that are called like those of the judge",
            ("numpy.py", _MARK), ("hypothesis.py", _MARK), ("pytest_mlkata/__init__.py", _MARK), ("json.py", _MARK)),
    _beside("site_beside", "brings files along that Python runs when it starts",
            ("sitecustomize.py", _MARK), ("usercustomize.py", _MARK), ("evil.pth", "import evil\n"),
            ("evil.py", _MARK), ("python311._pth", "import evil\n")),
    _beside("katas_beside", "brings an easier kata of the same name along",
            ("katas/beside/kata.toml", "format = 1\n"), ("solutions/beside.py", "")),
    Attack("link_to_the_reference", "hands in a link to the reference", "", link="$hidden/reference.py",
           at_import=True),
    Attack("link_to_a_secret", "hands in a link to a file whose content the message on its syntax shows", "",
           link="$secret", at_import=True),
    Attack("link_to_zeros", "hands in a link to a device that has no end", "", link="/dev/zero", at_import=True),
    Attack("link_to_itself", "hands in a link to itself", "", link="$handed_in/link_to_itself.py", at_import=True),
    Attack("link_to_a_folder", "hands in a link to a folder", "", link="$hidden", at_import=True),
    _text("deep_source", "has brackets so deep that the parser overflows", "x = " + "(" * 90_000 + ")" * 90_000),
    _text("deep_operators", "has an expression so deep that the compiler overflows", "x = " + "-" * 90_000 + "1"),
    _text("deep_attributes", "has a chain of attributes so long that walks over the tree overflow",
          HEAD + "\n\ndef mean(x):\n    return x" + ".T" * 9_000 + "\n"),
    _text("large_constant", "has a constant that takes forever to compute when it is compiled",
          HEAD + "\n\nBIG = ((2 ** 63) ** 63) ** 63 ** 3 if 0 else 0\nTEXT = ('x' * 4000) * 4000 * 0\n"),
    _text("large_number", "has a number of 900000 digits", HEAD + f"\n\nx = {'9' * 900_000}\n"),
    _text("large_file", "has a megabyte of code", HEAD + "\n\n" + "x = [1]\n" * 110_000),
    _text("utf7", "declares an encoding in which its code looks like a comment",
          "# coding: utf-7\n# +AAo-open('$target', 'w')\n" + _WRONG),
    _text("null_bytes", "has null bytes, behind which readers stop", _WRONG + "\0\nopen('$target', 'w')\n"),
    _text("surrogates", "has names and texts that cannot be printed",
          _WRONG + "\n\nraise ValueError('\\ud800\\udfff\\u202e')\n"),
    strike("paints", "prints a passed scorecard, escape sequences and commands to CI services",
           r"""
           print("\x1b[2J\x1b[H\x1b]0;passed\x07\x9b2J\r$name  8 / 8 points\u202e")
           print("::error::stop\n##[error]stop\n##vso[task.complete]\n\n::set-output name=passed::true")
           raise ValueError("\n::error::stop\n\x1b[32mPASSED\x1b[0m\n##vso[task.complete]")
           """),
    strike("paints_by_names", "gives its functions and classes names that are commands",
           r"""
           raise type("\n::error::stop\x1b[2J", (Exception,), {})("\r\x1b[1A\x1b[2K8 / 8 points")
           """),
)  # fmt: skip
