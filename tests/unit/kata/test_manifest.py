from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from pytest_mlkata.errors import KataError
from pytest_mlkata.kata.manifest import BANNED_IMPORTS, check_files, lacks, load_kata
from pytest_mlkata.model import ROUNDS, Guards, Limits

GOOD = """\
format = 1
title = "Ranks"
round = "ml-coding"
minutes = 20
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A kata with nothing but what every kata has."""
    folder = tmp_path / "ranks"
    (folder / "hidden").mkdir(parents=True)
    for name in ("stub.py", "spec.md", "hidden/reference.py", "hidden/test_correctness.py"):
        (folder / name).touch()
    (folder / "kata.toml").write_text(GOOD, encoding="utf-8")
    return folder


def refusal(folder: Path, text: str) -> str:
    """What is said of a manifest, after its path."""
    path = folder / "kata.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KataError) as caught:
        load_kata(folder)
    assert str(caught.value).startswith(str(path))
    return str(caught.value).removeprefix(str(path))


def test_a_small_manifest_leaves_the_rest_to_defaults(folder: Path) -> None:
    kata = load_kata(folder)
    assert (kata.name, kata.folder, kata.title) == ("ranks", folder, "Ranks")
    assert (kata.question, kata.round, kata.minutes) == (None, "ml-coding", 20)
    assert (kata.tags, kata.requires, kata.limits, kata.guards) == ((), (), Limits(), Guards())
    assert kata.banned_imports == BANNED_IMPORTS


def test_every_field_is_read(folder: Path) -> None:
    rest = """
        question = 3
        tags = ["numpy", "k-means", "c++"]
        requires = ["torch"]
        ban = ["itertools", "scipy.special"]
        allow = ["torch", "scipy.stats"]
        [limits]
        call_seconds = 5
        total_seconds = 90.5
        memory_mb = 4096
        scratch_mb = 16
        threads = true
    """
    (folder / "kata.toml").write_text(GOOD + dedent(rest), encoding="utf-8")
    kata = load_kata(folder)
    assert (kata.question, kata.tags, kata.requires) == (3, ("numpy", "k-means", "c++"), ("torch",))
    assert set(kata.banned_imports) == {*BANNED_IMPORTS, "itertools", "scipy.special"} - {"torch", "scipy.stats"}
    assert kata.limits == Limits(call_seconds=5.0, total_seconds=90.5, memory_mb=4096, scratch_mb=16, threads=True)


def test_the_checks_of_another_kata(folder: Path) -> None:
    other = folder.parent / "other"
    (other / "hidden").mkdir(parents=True)
    (other / "hidden" / "test_correctness.py").touch()
    (folder / "hidden" / "test_correctness.py").unlink()
    (folder / "kata.toml").write_text(f'{GOOD}checks_of = "other"\nfaults = 5\n', "utf-8")
    kata = load_kata(folder)
    assert (kata.checks_of, kata.faults) == ("other", 5)
    own, common = check_files(kata)
    assert own == other / "hidden" / "test_correctness.py"
    assert common.name == "test_minimal_change.py"


def test_the_checks_of_no_kata(folder: Path) -> None:
    said = refusal(folder, f'{GOOD}checks_of = "other"\n')
    assert said == f", line 5: `checks_of` names 'other', but {folder.parent} has no such kata"
    assert "must be the name of a kata" in refusal(folder, f'{GOOD}checks_of = "../other"\n')
    for faults in ("0", "21", "true"):
        assert "`faults` must be a whole number from 1 to 20" in refusal(folder, f"{GOOD}faults = {faults}\n")


def test_what_a_kata_lacks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "started", ModuleType("started"))  # as __main__ is: without a spec
    (folder / "kata.toml").write_text(f'{GOOD}requires = ["numpy", "no_such_one", "started"]\n', "utf-8")
    kata = load_kata(folder)
    assert lacks(kata) == "needs no_such_one, started; `pip install no_such_one started`"
    assert lacks(replace(kata, requires=("numpy",))) == ""


@pytest.mark.parametrize("name", ROUNDS)
def test_every_round_can_be_named(folder: Path, name: str) -> None:
    (folder / "kata.toml").write_text(GOOD.replace("ml-coding", name), encoding="utf-8")
    assert load_kata(folder).round == name


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ('format = "1"', "format", "the number 1, not '1'"),
        ("format = true", "format", "the number 1, not True"),
        ("format = 0", "format", "the number 1, not 0"),
        ("title = 3", "title", "a line of text, not 3"),
        ('title = " "', "title", "a line of text, not ' '"),
        ('title = "two\\nlines"', "title", "a line of text, not 'two\\nlines'"),
        ("round = 1", "round", f"one of {', '.join(ROUNDS)}, not 1"),
        ('round = "other"', "round", f"one of {', '.join(ROUNDS)}, not 'other'"),
        ('round = "ML-codng"', "round", f"one of {', '.join(ROUNDS)}, not 'ML-codng'; did you mean 'ml-coding'?"),
        ("round = []", "round", f"one of {', '.join(ROUNDS)}, not []"),
        ('minutes = "20"', "minutes", "a whole number from 1 to 600, not '20'"),
        ("minutes = 2.5", "minutes", "a whole number from 1 to 600, not 2.5"),
        ("minutes = 0", "minutes", "a whole number from 1 to 600, not 0"),
        ("minutes = 601", "minutes", "a whole number from 1 to 600, not 601"),
        ("minutes = true", "minutes", "a whole number from 1 to 600, not True"),
    ],
)
def test_a_wrong_value_of_a_required_field_names_file_line_and_what_it_must_be(
    folder: Path, line: str, field: str, words: str
) -> None:
    lines = [line if each.startswith(field) else each for each in GOOD.splitlines()]
    number = lines.index(line) + 1
    assert refusal(folder, "\n".join(lines)) == f", line {number}: `{field}` must be {words}"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("question = 13", "`question` must be a whole number from 1 to 12, not 13"),
        ("question = 0", "`question` must be a whole number from 1 to 12, not 0"),
        ('question = "q1"', "`question` must be a whole number from 1 to 12, not 'q1'"),
        ("question = false", "`question` must be a whole number from 1 to 12, not False"),
        ('tags = "numpy"', "`tags` must be a list of words, without spaces or commas, not 'numpy'"),
        ('tags = ["a b"]', "`tags` must be a list of words, without spaces or commas, not ['a b']"),
        ('tags = ["a,b"]', "`tags` must be a list of words, without spaces or commas, not ['a,b']"),
        ("tags = [1]", "`tags` must be a list of words, without spaces or commas, not [1]"),
        ('requires = "torch"', "`requires` must be a list of modules, without dots, not 'torch'"),
        ('requires = ["torch>=2"]', "`requires` must be a list of modules, without dots, not ['torch>=2']"),
        ('requires = ["os.path"]', "`requires` must be a list of modules, without dots, not ['os.path']"),
        ("ban = [1]", "`ban` must be a list of module names, not [1]"),
        ('ban = ["scipy."]', "`ban` must be a list of module names, not ['scipy.']"),
        ("allow = {}", "`allow` must be a list of module names, not {}"),
        ('allow = [""]', "`allow` must be a list of module names, not ['']"),
        ("limits = 3", "`limits` must be a table, not 3"),
        ("guards = []", "`guards` must be a table, not []"),
    ],
)
def test_a_wrong_value_of_another_field_names_file_line_and_what_it_must_be(
    folder: Path, line: str, words: str
) -> None:
    assert refusal(folder, f"{GOOD}{line}\n") == f", line 5: {words}"


@pytest.mark.parametrize("value", ["0", "-1", "inf", "nan", "true", '"2"', "[2]", "3601", "1" + "0" * 400])
@pytest.mark.parametrize("name", ["call_seconds", "total_seconds"])
def test_a_limit_is_a_number_of_seconds(folder: Path, name: str, value: str) -> None:
    said = refusal(folder, f"{GOOD}\n[limits]\n{name} = {value}\n")
    assert said.startswith(f", line 7: `limits.{name}` must be a number of seconds above 0, at most 3600, not ")
    assert len(said) < 200


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("memory_mb", ("511", "65537", "0", "-1", "2048.0", "true", '"2048"', "[]", "inf"), "from 512 to 65536"),
        ("scratch_mb", ("-1", "4097", "0.5", "true", "false", '"1"', "nan"), "from 0 to 4096"),
    ],
)
def test_a_limit_of_space_is_a_whole_number_of_megabytes(
    folder: Path, name: str, values: tuple[str, ...], words: str
) -> None:
    for value in values:
        said = refusal(folder, f"{GOOD}\n[limits]\n{name} = {value}\n")
        shown = {"true": "True", "false": "False"}.get(value, value.replace('"', "'"))
        assert said == f", line 7: `limits.{name}` must be a whole number of MB {words}, not {shown}"


@pytest.mark.parametrize("value", ["0", "1", '"true"', "[true]"])
def test_threads_are_given_or_not(folder: Path, value: str) -> None:
    said = refusal(folder, f"{GOOD}\n[limits]\nthreads = {value}\n")
    assert said.startswith(", line 7: `limits.threads` must be true or false, not ")


@pytest.mark.parametrize(
    ("line", "limits"),
    [
        ("memory_mb = 512", Limits(memory_mb=512)),
        ("memory_mb = 65536", Limits(memory_mb=65536)),
        ("scratch_mb = 0", Limits()),
        ("scratch_mb = 4096", Limits(scratch_mb=4096)),
        ("threads = false", Limits()),
        ("threads = true", Limits(threads=True)),
        ("total_seconds = 3600", Limits(total_seconds=3600)),
    ],
)
def test_a_limit_may_go_as_far_as_it_says(folder: Path, line: str, limits: Limits) -> None:
    (folder / "kata.toml").write_text(f"{GOOD}[limits]\n{line}\n", encoding="utf-8")
    assert load_kata(folder).limits == limits


def test_a_long_value_is_shortened(folder: Path) -> None:
    assert len(refusal(folder, f'{GOOD}question = "{"q" * 5000}"\n')) < 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("minuts = 3", ", line 5: unknown field `minuts`; did you mean `minutes`?"),
        ("  Title = 3", ", line 5: unknown field `Title`; did you mean `title`?"),
        ("[limit]\ncall_seconds = 1", ", line 5: unknown field `limit`; did you mean `limits`?"),
        ("[[limits]]\ncall_seconds = 1", ", line 5: `limits` must be a table, not [{'call_seconds': 1}]"),
        (
            "[limits]\ncall_second = 1",
            ", line 6: unknown field `limits.call_second`; did you mean `limits.call_seconds`?",
        ),
        ("[limits]\nmemory = 1", ", line 6: unknown field `limits.memory`; did you mean `limits.memory_mb`?"),
        ("[limits]\nscratch = 1", ", line 6: unknown field `limits.scratch`; did you mean `limits.scratch_mb`?"),
        ("[limits]\nthread = true", ", line 6: unknown field `limits.thread`; did you mean `limits.threads`?"),
        ("limits.call_secs = 1", ", line 5: unknown field `limits.call_secs`; did you mean `limits.call_seconds`?"),
        (
            "limits = { call_seconds = 1, cap = 1 }",
            ", line 5: unknown field `limits.cap`; known fields: limits.call_seconds, limits.total_seconds",
        ),
        ("[limits.worst]\na = 1", ", line 5: unknown field `limits.worst`; known fields: "),
    ],
)
def test_a_typo_names_file_line_and_the_nearest_field(folder: Path, text: str, said: str) -> None:
    assert refusal(folder, f"{GOOD}{text}\n").startswith(said)


STUB = """\
def rank(x): ...
def span(x): ...
class Model:
    def fit(self, X): ...
"""


def test_guards_can_be_taken_off_functions_and_methods(folder: Path) -> None:
    (folder / "stub.py").write_text(STUB)
    (folder / "kata.toml").write_text(
        f'{GOOD}[guards]\nmay_change_arguments = ["span", "Model", "Model.fit"]\nmay_vary = ["rank"]\n'
    )
    assert load_kata(folder).guards == Guards(may_change_arguments=("span", "Model", "Model.fit"), may_vary=("rank",))


@pytest.mark.parametrize("lines", ["[guards]", "[guards]\nmay_vary = []", "guards = {}"])
def test_guards_may_be_empty_and_then_the_stub_is_not_needed(folder: Path, lines: str) -> None:
    (folder / "kata.toml").write_text(f"{GOOD}{lines}\n")
    assert load_kata(folder).guards == Guards()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("may_varry = []", ", line 6: unknown field `guards.may_varry`; did you mean `guards.may_vary`?"),
        ("random = []", ", line 6: unknown field `guards.random`; known fields: guards.may_change_arguments, guards."),
        ('may_vary = "rank"', ", line 6: `guards.may_vary` must be a list of functions of the stub, not 'rank'"),
        ("may_vary = true", ", line 6: `guards.may_vary` must be a list of functions of the stub, not True"),
        ("may_vary = [1]", ", line 6: `guards.may_vary` must be a list of functions of the stub, not [1]"),
        (
            'may_vary = ["rank()"]',
            ", line 6: `guards.may_vary` must be a list of functions of the stub, not ['rank()']",
        ),
        (
            'may_vary = ["rank"]\nmay_change_arguments = [\n"spam"]',
            (
                ", line 7: `guards.may_change_arguments` names `spam`, which the stub does not declare; "
                "did you mean `span`?"
            ),
        ),
        (
            'may_vary = ["rank", "train"]',
            ", line 6: `guards.may_vary` names `train`, which the stub does not declare; did you mean `rank`?",
        ),
        (
            'may_vary = ["x"]',
            ", line 6: `guards.may_vary` names `x`, which the stub does not declare; it declares: rank, span, Model",
        ),
        (
            'may_change_arguments = ["Modle.fit"]',
            (
                ", line 6: `guards.may_change_arguments` names `Modle.fit`, which the stub does not declare; "
                "did you mean `Model`?"
            ),
        ),
        (
            'may_change_arguments = ["rank.fit"]',
            ", line 6: `guards.may_change_arguments` names `rank.fit`, but `rank` is no class; name the function alone",
        ),
        (
            'may_vary = ["Model.fit"]',
            ", line 6: `guards.may_vary` names `Model.fit`, but methods are never called twice; leave it out",
        ),
    ],
)
def test_a_slip_in_guards_names_file_line_and_remedy(folder: Path, lines: str, said: str) -> None:
    (folder / "stub.py").write_text(STUB)
    assert refusal(folder, f"{GOOD}[guards]\n{lines}\n").startswith(said)


def test_an_unknown_field_that_is_near_nothing_gets_the_list(folder: Path) -> None:
    said = refusal(folder, f"# author = 1\n{GOOD}author = 'me'\n")
    assert said.startswith(", line 6: unknown field `author`; known fields: format, title, question, round, minutes,")


@pytest.mark.parametrize("name", ["format", "title", "round", "minutes"])
def test_a_missing_field_is_named_with_the_line_to_add(folder: Path, name: str) -> None:
    text = "\n".join(line for line in GOOD.splitlines() if not line.startswith(name))
    assert refusal(folder, text).startswith(f": the field `{name}` is missing; add `{name} = …` (")


def test_an_empty_manifest_lacks_its_first_field(folder: Path) -> None:
    assert refusal(folder, "") == ": the field `format` is missing; add `format = …` (the number 1)"


def test_a_later_format_is_said_before_the_fields_that_it_brings(folder: Path) -> None:
    said = refusal(folder, f"colour = 3\n{GOOD}".replace("format = 1", "format = 2"))
    assert said == ", line 2: format 2 is newer than this pytest-mlkata knows (1); update it"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("title = = 3", ", line 5: "),
        ("title 3", ", line 5: "),
        ('question = "open', ", line 5: "),
        ("tags = [1,", ""),
        ("question = 1\nquestion = 2", ""),
        ("tags = " + "[" * 3000, ": not valid TOML: "),
        ("question = " + "1" * 5000, ": not valid TOML: "),
        ("question = 2020-13-45", ", line 5: "),
    ],
)
def test_broken_toml_names_file_and_line_where_there_is_one(folder: Path, text: str, where: str) -> None:
    said = refusal(folder, f"{GOOD}{text}\n")
    assert said.startswith(where)
    assert "not valid TOML: " in said


def test_bytes_that_are_not_utf8_are_refused(folder: Path) -> None:
    (folder / "kata.toml").write_bytes(GOOD.replace("Ranks", "Ränge").encode("latin-1"))
    with pytest.raises(KataError, match=r"kata\.toml: is not valid UTF-8; save it as UTF-8"):
        load_kata(folder)


def test_the_byte_order_mark_of_some_editors_does_no_harm(folder: Path) -> None:
    (folder / "kata.toml").write_text(GOOD, encoding="utf-8-sig")
    assert load_kata(folder).title == "Ranks"


def test_a_missing_manifest_says_what_a_kata_is(folder: Path) -> None:
    (folder / "kata.toml").unlink()
    with pytest.raises(KataError, match=r"kata\.toml: there is no such file; a kata is a folder with a kata\.toml"):
        load_kata(folder)


def test_a_manifest_that_cannot_be_read_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(KataError, match=r"kata\.toml: cannot be read: Permission denied; check its permissions"):
        load_kata(folder)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("stub.py", "a kata has a stub with the signatures a learner starts from"),
        ("spec.md", "a kata has a spec that states the question"),
        ("hidden/reference.py", "a kata has a reference that answers it"),
    ],
)
def test_a_missing_file_is_named_with_what_it_is_for(folder: Path, name: str, remedy: str) -> None:
    (folder / name).unlink()
    with pytest.raises(KataError) as caught:
        load_kata(folder)
    assert str(caught.value) == f"{folder / name}: there is no such file; {remedy}"


def test_a_kata_has_checks(folder: Path) -> None:
    (folder / "hidden" / "test_correctness.py").unlink()
    with pytest.raises(KataError, match=r"hidden: there is no test_\*\.py; a kata has checks, one file a category"):
        load_kata(folder)


def test_check_files_are_those_of_the_hidden_folder_itself(folder: Path) -> None:
    (folder / "hidden" / "right").mkdir()
    for name in ("test_timing.py", "problems.py", "right/test_like.py", "test_notes.md"):
        (folder / "hidden" / name).touch()
    assert [path.name for path in check_files(load_kata(folder))] == ["test_correctness.py", "test_timing.py"]
