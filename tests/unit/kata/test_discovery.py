from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from pytest_mlkata.errors import KataError, UnknownKataError
from pytest_mlkata.kata import discovery
from pytest_mlkata.kata.discovery import Catalog, bundled_folder, discover, select
from pytest_mlkata.kata.manifest import load_kata

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def _no_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the shipped katas nor those of packages installed on this machine."""
    monkeypatch.setattr(discovery, "bundled_folder", lambda: tmp_path / "bundled")
    monkeypatch.setattr(discovery, "entry_points", lambda *, group: [] if group == "mlkata.katas" else None)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a kata in a folder; `text` goes to the end of its manifest."""

    def make_kata(where: str, text: str = "", *, kind: str = "ml-coding") -> Path:
        folder = tmp_path / where
        (folder / "hidden").mkdir(parents=True)
        for name in ("stub.py", "spec.md", "hidden/reference.py", "hidden/test_correctness.py"):
            (folder / name).touch()
        manifest = f'format = 1\ntitle = "{folder.name}"\nround = "{kind}"\nminutes = 20\n{text}\n'
        (folder / "kata.toml").write_text(manifest, encoding="utf-8")
        return folder

    return make_kata


@pytest.fixture
def catalog(make: Make, tmp_path: Path) -> Catalog:
    make("katas/knn", 'question = 2\ntags = ["numpy", "distances"]')
    make("katas/k_means", 'question = 2\ntags = ["numpy", "K-Means"]')
    make("katas/two_sum", "question = 1", kind="coding-algorithms")
    make("katas/logistic_regression")
    return discover(root=tmp_path)


def names(catalog: Catalog, wanted: str) -> list[str]:
    return [folder.name for folder in select(catalog, wanted).folders]


def refused(catalog: Catalog, wanted: str) -> str:
    with pytest.raises(UnknownKataError) as caught:
        select(catalog, wanted)
    return str(caught.value)


# Where katas are looked for


def test_the_shipped_katas_are_found_and_sound() -> None:
    found = sorted(path.parent for path in bundled_folder().glob("*/kata.toml"))
    assert "logistic_regression" in {folder.name for folder in found}
    assert all(load_kata(folder).name == folder.name for folder in found)


def test_an_installed_package_has_its_katas_in_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "_PACKAGE", tmp_path / "pytest_mlkata")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert bundled_folder() == tmp_path / "katas"
    (tmp_path / "pytest_mlkata").mkdir()
    with zipfile.ZipFile(tmp_path / "pytest_mlkata" / "katas.zip", "w") as archive:
        archive.writestr("knn/kata.toml", "format = 1")
    folder = bundled_folder()
    assert folder.is_relative_to(tmp_path / "cache")
    assert [path.relative_to(folder) for path in folder.rglob("kata.toml")] == [Path("knn/kata.toml")]


def test_the_nearest_kata_wins_and_it_is_said(make: Make, tmp_path: Path) -> None:
    places = ["given", "given_later", "configured", "project/katas", "bundled"]
    folders = [make(f"{place}/knn") for place in places]
    for nearest in range(len(places)):
        catalog = discover(
            given=[tmp_path / place for place in places[:2][nearest:]],
            configured=[tmp_path / place for place in places[2:3][max(nearest - 2, 0) :]],
            root=tmp_path / "project" if nearest <= 3 else None,
        )
        assert catalog.folders == {"knn": folders[nearest]}
        notes = select(catalog, "knn").notes
        if nearest == len(places) - 1:
            assert notes == ()
        else:
            unused = " and ".join(map(str, folders[nearest + 1 :]))
            assert notes == (f"kata knn was found more than once: {folders[nearest]} is used, {unused} not",)


def test_a_kata_found_twice_is_only_said_to_who_asks_for_it(make: Make, tmp_path: Path) -> None:
    for where in ("katas/knn", "bundled/knn", "katas/other"):
        make(where)
    catalog = discover(root=tmp_path)
    assert len(select(catalog, "all").notes) == 1
    assert select(catalog, "other").notes == ()


def test_one_kata_reached_in_two_ways_is_one(make: Make, tmp_path: Path) -> None:
    make("bundled/knn")
    (tmp_path / "katas").mkdir()
    (tmp_path / "katas" / "knn").symlink_to(tmp_path / "bundled" / "knn")
    (tmp_path / "link").symlink_to(tmp_path / "bundled")
    catalog = discover(given=[tmp_path / "link", tmp_path / "bundled"], root=tmp_path)
    assert list(catalog.folders) == ["knn"]
    assert catalog.twice == {}


def test_a_folder_that_is_named_may_be_a_kata_itself(make: Make) -> None:
    folder = make("somewhere/knn")
    assert discover(given=[folder]).folders == {"knn": folder}


@pytest.mark.parametrize(
    ("said", "look_in"),
    [
        ("--kata-path", lambda folder: discover(given=[folder])),
        ("kata_paths", lambda folder: discover(configured=[folder])),
    ],
)
def test_a_named_folder_must_hold_a_kata(tmp_path: Path, said: str, look_in: Callable[[Path], Catalog]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for name, problem in {
        "absent": f"{said}: {tmp_path}/absent does not exist; name a folder that holds kata folders",
        "x" * 5000: "does not exist; name a folder",
        "file": f"{said}: {tmp_path}/file is not a folder; name a folder that holds kata folders",
        "empty": f"{said}: no kata in {tmp_path}/empty; a kata is a folder with a kata.toml",
    }.items():
        with pytest.raises(KataError) as caught:
            look_in(tmp_path / name)
        assert problem in str(caught.value)


def test_a_project_without_katas_is_no_mistake(tmp_path: Path) -> None:
    assert discover(root=tmp_path) == Catalog({})
    assert discover() == Catalog({})


def test_what_may_not_be_entered_holds_no_kata(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make("katas/knn")
    make("katas/private")
    stat = os.stat

    def refuse(path: str, **rest: Any) -> os.stat_result:
        if "/private/" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **rest)

    monkeypatch.setattr(os, "stat", refuse)
    assert list(discover(root=tmp_path).folders) == ["knn"]


# Katas of installed packages


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Installs a distribution that names `value` in the entry-point group; gives the folder it is in."""
    monkeypatch.undo()
    monkeypatch.setattr(discovery, "bundled_folder", lambda: tmp_path / "bundled")
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(site)
    # A package that these tests import is forgotten with them.
    monkeypatch.setattr(sys, "modules", dict(sys.modules))

    def install_one(value: str) -> Path:
        info = site / "acme_katas-1.0.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-katas\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[mlkata.katas]\nacme = {value}\n")
        return site

    return install_one


def test_installed_packages_bring_katas(make: Make, install: Callable[[str], Path], tmp_path: Path) -> None:
    site = install("acme_katas.data")
    (site / "acme_katas").mkdir()
    (site / "acme_katas" / "__init__.py").touch()
    folder = make("site/acme_katas/data/ranks")
    make("bundled/ranks")
    catalog = discover(root=tmp_path)
    assert catalog.folders["ranks"] == folder
    assert "is used" in catalog.twice["ranks"]
    assert not [note for note in catalog.notes if "acme" in note]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({}, "cannot be found: ModuleNotFoundError: No module named 'acme_katas'"),
        ({"acme_katas/__init__.py": ""}, "cannot be found: ModuleNotFoundError: No module named 'acme_katas.data'"),
        ({"acme_katas/__init__.py": "1 / 0"}, "cannot be found: ZeroDivisionError: division by zero"),
        (
            {"acme_katas/__init__.py": "", "acme_katas/data.py": ""},
            "holds no kata; a kata is a folder with a kata.toml",
        ),
        ({"acme_katas/data/x.txt": ""}, "holds no kata; a kata is a folder with a kata.toml"),
    ],
)
def test_a_package_whose_katas_are_not_where_it_says_is_named_and_does_no_harm(
    make: Make, install: Callable[[str], Path], tmp_path: Path, files: dict[str, str], problem: str
) -> None:
    site = install("acme_katas.data")
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    make("katas/knn")
    catalog = discover(root=tmp_path)
    assert "knn" in catalog.folders
    (note,) = [note for note in catalog.notes if "acme" in note]
    assert note.startswith("acme-katas says that there are katas in acme_katas.data (entry point 'acme'), which ")
    assert note.endswith(problem)
    assert note in select(catalog, "knn").notes


# What can be asked for


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("knn", ["knn"]),
        ("KNN", ["knn"]),
        ("k-means", ["k_means"]),
        ("two-sum , knn,", ["two_sum", "knn"]),
        ("knn,knn,KNN", ["knn"]),
        ("q2", ["k_means", "knn"]),
        ("Q1", ["two_sum"]),
        ("q02", ["k_means", "knn"]),
        ("q2,knn", ["k_means", "knn"]),
        ("coding-algorithms", ["two_sum"]),
        ("ML-coding", ["k_means", "knn", "logistic_regression"]),
        ("numpy", ["k_means", "knn"]),
        ("Distances", ["knn"]),
        ("all", ["k_means", "knn", "logistic_regression", "two_sum"]),
        ("ALL", ["k_means", "knn", "logistic_regression", "two_sum"]),
        ("q1,numpy", ["two_sum", "k_means", "knn"]),
    ],
)
def test_names_questions_rounds_and_tags_choose(catalog: Catalog, wanted: str, chosen: list[str]) -> None:
    assert names(catalog, wanted) == chosen


def test_a_name_comes_before_a_tag(make: Make, tmp_path: Path) -> None:
    make("katas/numpy")
    make("katas/knn", 'tags = ["numpy"]')
    assert names(discover(root=tmp_path), "numpy") == ["numpy"]


def test_a_name_with_capitals_or_dashes_can_be_asked_for_as_it_is_written(make: Make, tmp_path: Path) -> None:
    make("katas/My-Kata")
    make("katas/my_kata")
    catalog = discover(root=tmp_path)
    assert names(catalog, "My-Kata") == ["My-Kata"]
    assert names(catalog, "my_kata") == ["my_kata"]


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("kn", "did you mean knn"),
        ("k_mean", "did you mean k_means"),
        ("logistic", "did you mean logistic_regression?"),
        ("regression", "did you mean logistic_regression?"),
        ("numpi", "did you mean numpy?"),
        ("q3", "there are: q1, q2"),
        ("coding-algorithm", "did you mean coding-algorithms?"),
        ("behavioral", "there are: k_means, knn, logistic_regression, two_sum"),
        ("../knn", "did you mean knn?"),
        ("zzz", "there are: k_means, knn, logistic_regression, two_sum"),
    ],
)
def test_what_fits_nothing_gets_the_nearest_names(catalog: Catalog, wanted: str, near: str) -> None:
    said = refused(catalog, wanted)
    assert said.startswith(f"no kata, question, round or tag is called {wanted!r}; {near}")
    assert said.endswith("(`mlkata list` shows them all)")


def test_a_word_without_end_is_cut(catalog: Catalog) -> None:
    said = refused(catalog, "q" + "9" * 5000)
    assert said.startswith("no kata, question, round or tag is called 'q99")
    assert len(said) < 300


def test_one_unknown_word_among_others_is_an_error(catalog: Catalog) -> None:
    assert "'nonsense'" in refused(catalog, "knn,nonsense")


@pytest.mark.parametrize("wanted", ["", " ", ",", " , "])
def test_no_name_at_all_gets_the_names(catalog: Catalog, wanted: str) -> None:
    assert refused(catalog, wanted).startswith("no kata is named; there are: k_means, knn, ")


def test_where_there_is_no_kata_it_is_said() -> None:
    assert "there are: none" in refused(Catalog({}), "all")
    assert "there are: none" in refused(Catalog({}), "knn")


# Malformed katas, and many katas


def test_a_malformed_kata_stops_no_other(make: Make, catalog: Catalog, tmp_path: Path) -> None:
    make("katas/broken", "minuts = 3")
    catalog = discover(root=tmp_path)
    assert select(catalog, "knn").notes == ()
    assert names(catalog, "all") == ["broken", "k_means", "knn", "logistic_regression", "two_sum"]
    assert names(catalog, "broken") == ["broken"]
    chosen = select(catalog, "q2,numpy")
    assert [folder.name for folder in chosen.folders] == ["k_means", "knn"]
    path = tmp_path / "katas" / "broken" / "kata.toml"
    assert chosen.notes == (f"passed over: {path}, line 5: unknown field `minuts`; did you mean `minutes`?",)


def test_a_name_or_all_reads_no_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1000):
        folder = tmp_path / "katas" / f"kata_{number}"
        folder.mkdir(parents=True)
        (folder / "kata.toml").touch()

    def refuse(folder: Path) -> None:
        pytest.fail(f"{folder} was read")

    monkeypatch.setattr(discovery, "read_manifest", refuse)
    catalog = discover(root=tmp_path)
    assert len(catalog.folders) == 1000
    assert names(catalog, "kata_7") == ["kata_7"]
    assert len(names(catalog, "all")) == 1000


def test_an_error_lists_a_few_names_of_many() -> None:
    catalog = Catalog(MappingProxyType({f"kata_{number}": Path(f"kata_{number}") for number in range(1000)}))
    said = refused(catalog, "")
    assert "kata_0, kata_1, kata_10, " in said
    assert "and 992 more" in said
