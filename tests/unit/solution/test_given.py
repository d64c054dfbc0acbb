"""What a submission can import: what it is given, from known places, and the standard library."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from children import in_child

from pytest_mlkata.solution import given


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """A package, a module, and what lies beside them; its folder is on the path."""
    for name, text in {
        "shape/__init__.py": "from . import circle",
        "shape/circle.py": "AREA = 3",
        "shape/deep/__init__.py": "",
        "shape/deep/inner.py": "import single",
        "single.py": "VALUE = 1",
        "beside.py": "SECRET = 1",
        "_beside.py": "SECRET = 1",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {"shape": str(tmp_path / "shape" / "__init__.py"), "single": str(tmp_path / "single.py")}


def importing(places: dict[str, str], *names: str) -> dict[str, str]:
    """For each name where it comes from, or why it does not come."""
    script = f"""
        import importlib, sys
        from pytest_mlkata.solution import given
        given.give({places!r})
        def origin(name):
            try:
                return str(getattr(importlib.import_module(name), "__file__", "built in"))
            except ImportError as error:
                return f"{{type(error).__name__}}: {{error}}"
        print({{name: origin(name) for name in {names!r}}})
    """
    root = str(Path(given.__file__).parents[2])
    command = [sys.executable, "-S", "-E", "-c", f"import sys; sys.path.append({root!r})\n{dedent(script)}"]
    found = eval(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert isinstance(found, dict)
    return found


def test_libraries_come_from_their_places_and_others_do_not(places: dict[str, str]) -> None:
    names = (
        "shape",
        "shape.circle",
        "shape.deep.inner",
        "single",
        "beside",
        "sys",
        "json.decoder",
        "_heapq",
        "nothing",
    )
    found = importing(places, *names)
    folder = Path(places["single"]).parent
    assert found["shape"] == places["shape"]
    assert found["shape.circle"] == str(folder / "shape" / "circle.py")
    assert found["shape.deep.inner"] == str(folder / "shape" / "deep" / "inner.py")
    assert found["single"] == places["single"]
    assert found["beside"] == (
        "ModuleNotFoundError: beside is not given: there is the standard library, and shape, single"
    )
    assert found["nothing"].startswith("ModuleNotFoundError: nothing is not given: ")
    assert found["sys"] == "built in"
    assert "Error" not in found["json.decoder"] + found["_heapq"]


def test_what_is_not_given_is_an_error_with_its_name(places: dict[str, str]) -> None:
    finder = given.GivenFinder(places)
    with pytest.raises(ModuleNotFoundError) as caught:
        finder.find_spec("torch")
    assert caught.value.name == "torch"


@pytest.mark.parametrize("name", ["json", "os", "_beside"])
def test_the_standard_library_is_left_to_others(places: dict[str, str], name: str) -> None:
    assert given.GivenFinder(places).find_spec(name) is None


def test_parts_of_packages_are_left_to_others(places: dict[str, str]) -> None:
    assert given.GivenFinder(places).find_spec("shape.circle", ["/somewhere"]) is None


def test_a_package_is_told_from_a_module(places: dict[str, str]) -> None:
    finder = given.GivenFinder(places)
    package, module = finder.find_spec("shape"), finder.find_spec("single")
    assert package is not None
    assert module is not None
    assert package.submodule_search_locations == [str(Path(places["shape"]).parent)]
    assert module.submodule_search_locations is None


def test_the_paths_of_libraries_are_theirs_alone(places: dict[str, str]) -> None:
    folder = Path(places["single"]).parent
    assert given.library_paths(places.values()) == [
        str(folder / "shape"),
        str(folder / "shape.libs"),
        places["single"],
        str(folder / "single.libs"),
    ]


def test_nothing_else_finds_modules_once_they_are_given(places: dict[str, str]) -> None:
    def give() -> list[str]:
        sys.path.append(str(Path(places["single"]).parent))
        given.give(places)
        return [str(importlib.import_module("single").VALUE), refusal(lambda: importlib.import_module("beside"))]

    assert in_child(give) == ["1", "beside is not given: there is the standard library, and shape, single"]


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(ModuleNotFoundError) as caught:
        do()
    return str(caught.value)
