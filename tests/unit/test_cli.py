from __future__ import annotations

import importlib
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pytest_mlkata import __version__, checking
from pytest_mlkata.cli import main
from pytest_mlkata.options import ISOLATIONS
from pytest_mlkata.session import launch
from pytest_mlkata.session.project import Project
from pytest_mlkata.solution import confine, isolation

Mlkata = Callable[..., Result]
USES = [("list",), ("start", "ranks"), ("show", "ranks"), ("hint", "ranks"), ("check", "ranks")]
CHECK = ("check", "ranks", "--isolation", "none", "--jobs", "1")
LAZY = 'smallest."""\n    raise NotImplementedError'
HINTS = """\
# Hints

## ranks
### Where to begin
One function at a time.

## rank
### What is counted?
The smaller ones, *not* the larger.
### Compare
```python
# every pair
```
### Nearly there
Count, for each.
"""


@pytest.fixture
def project(tmp_path: Path, write_ranks: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the kata `ranks`; the current folder."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)
    root = tmp_path / "project"
    root.mkdir()
    (root / "pytest.ini").write_text("[pytest]\n")
    write_ranks(root / "katas")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def mlkata(project: Path) -> Mlkata:
    """Runs the command in the project."""
    assert Path.cwd() == project
    return lambda *arguments: CliRunner().invoke(main, arguments, catch_exceptions=False)


def set_line(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def loaded_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed pytest plugin that is imported already, of which pytest warns as it reads its settings.

    So is our own where it is installed from a wheel: an editable install does not list its modules.
    """
    site = tmp_path / "site"
    info = site / "some_plugin-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "some_plugin.py").write_text("")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pytest11]\nsome = some_plugin\n")
    (info / "RECORD").write_text("some_plugin.py,,\n")
    monkeypatch.syspath_prepend(site)
    importlib.import_module("some_plugin")
    yield
    del sys.modules["some_plugin"]


# The command itself


def test_the_installed_command_explains_itself() -> None:
    command = Path(sys.executable).with_name("mlkata")
    result = subprocess.run([command, "--help"], capture_output=True, text=True, timeout=60, check=True)
    assert "pytest --kata NAME" in result.stdout
    for name in ("list", "start", "show", "hint", "check", "new"):
        assert f"\n  {name} " in result.stdout
    assert "..." not in result.stdout.partition("Commands:")[2]
    assert result.stderr == ""


def test_help_can_be_asked_for_in_the_short_way_too(mlkata: Mlkata) -> None:
    for command in ("list", "start", "show", "hint", "check", "new"):
        result = mlkata(command, "-h")
        assert result.exit_code == 0
        assert "--kata-path" in result.output


def test_the_version_is_the_package_s(mlkata: Mlkata) -> None:
    assert __version__ in mlkata("--version").output


@pytest.mark.parametrize("command", ["start", "show", "hint", "check"])
def test_an_unknown_kata_gets_the_nearest_names(mlkata: Mlkata, command: str) -> None:
    result = mlkata(command, "rank")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: no kata, question, round or tag is called 'rank'; did you mean ranks")
    assert result.stdout == ""


@pytest.mark.parametrize("command", ["start", "show", "hint"])
def test_what_names_several_katas_is_refused_where_one_is_needed(
    mlkata: Mlkata, project: Path, command: str, write_ranks: Callable[[Path], Path]
) -> None:
    write_ranks(project / "katas").rename(project / "katas" / "spans")
    write_ranks(project / "katas")
    result = mlkata(command, "q11")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: q11 names 2 katas; this command takes one: ranks or spans")


@pytest.mark.usefixtures("loaded_plugin")
@pytest.mark.parametrize("filters", ["error", "\n    error\n    error::DeprecationWarning"])
def test_the_project_may_turn_warnings_into_errors(mlkata: Mlkata, project: Path, filters: str) -> None:
    (project / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = {filters}\nkata_solutions = answers\n")
    result = mlkata("list")
    assert result.exit_code == 0
    assert "ranks" in result.output
    # Its other settings are read all the same.
    assert Project.here().solutions == project / "answers"


@pytest.mark.parametrize("arguments", USES)
def test_a_broken_ini_file_of_the_project_is_said(mlkata: Mlkata, project: Path, arguments: tuple[str, ...]) -> None:
    (project / "pytest.ini").write_text("[pytest\nkata_paths = x\n")
    result = mlkata(*arguments)
    assert result.exit_code == 1
    assert "pytest cannot read the settings of this project" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("arguments", USES)
def test_a_folder_of_katas_that_is_not_there_is_said(mlkata: Mlkata, arguments: tuple[str, ...]) -> None:
    result = mlkata(*arguments, "--kata-path", "absent")
    assert result.exit_code == 1
    assert result.stderr == "Error: --kata-path: absent does not exist; name a folder that holds kata folders\n"


# list


def test_list_shows_the_katas_of_the_project_and_the_shipped_ones(mlkata: Mlkata, project: Path) -> None:
    result = mlkata("list")
    assert result.exit_code == 0
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["kata", "q", "round", "min", "begun", "title"]
    assert [row.split()[0] for row in rows] == sorted(row.split()[0] for row in rows)
    (row,) = [row for row in rows if row.startswith("ranks")]
    assert row.split() == ["ranks", "q11", "ml-coding", "5", "Ranks", "and", "spans"]
    assert any(row.startswith("logistic_regression") for row in rows)
    (project / "solutions").mkdir()
    (project / "solutions" / "ranks.py").touch()
    (row,) = [row for row in mlkata("list").stdout.splitlines() if row.startswith("ranks")]
    assert row.split()[:5] == ["ranks", "q11", "ml-coding", "5", "yes"]


def test_list_says_what_is_malformed_or_found_twice(
    mlkata: Mlkata, project: Path, tmp_path: Path, write_ranks: Callable[[Path], Path]
) -> None:
    used = write_ranks(tmp_path / "more")
    broken = project / "katas" / "broken" / "kata.toml"
    broken.parent.mkdir()
    broken.write_text("format = 1\nminuts = 3\n")
    result = mlkata("list", "--kata-path", str(tmp_path / "more"))
    assert result.exit_code == 0
    assert f"note: {broken}, line 2: unknown field `minuts`; did you mean `minutes`?" in result.stderr
    assert f"note: kata ranks was found more than once: {used} is used, " in result.stderr
    (row,) = [row for row in result.stdout.splitlines() if row.startswith("broken")]
    assert row.split(maxsplit=1)[1].strip() == "(malformed, see below)"


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_table_fits_the_terminal_and_nothing_of_it_is_cut(project: Path, columns: int) -> None:
    lines = in_a_terminal(project, columns, "list")
    assert all(len(line) <= columns for line in lines)
    text = " ".join(" ".join(lines).split())
    for word in ("logistic_regression", "ml-coding", "Logistic regression by gradient descent"):
        assert word in text or (columns == 80 and word.startswith("Logistic"))
    assert "…" not in text
    assert ("  round: ml-coding" in lines) is (columns == 40)


@pytest.mark.parametrize("columns", [40, 200])
def test_a_command_to_copy_is_in_one_line(project: Path, hints: Path, columns: int) -> None:
    assert hints.is_file()
    in_a_terminal(project, columns, "hint", "ranks")
    lines = in_a_terminal(project, columns, "hint", "ranks")
    assert any(line.endswith("mlkata hint ranks rank") for line in lines)
    assert any(line.endswith("mlkata hint ranks --again") for line in lines)


def test_a_program_may_say_how_wide_a_table_is(mlkata: Mlkata, monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(map(len, mlkata("list").stdout.splitlines())) > 50
    monkeypatch.setenv("COLUMNS", "50")
    assert max(map(len, mlkata("list").stdout.splitlines())) <= 50
    monkeypatch.setenv("COLUMNS", "wide")
    assert max(map(len, mlkata("list").stdout.splitlines())) > 50


def in_a_terminal(folder: Path, columns: int, *arguments: str) -> list[str]:
    """Run the command with its output on a pseudo-terminal; give the lines it prints, without their styles."""
    controller, terminal = pty.openpty()
    command = [str(Path(sys.executable).with_name("mlkata")), *arguments]
    environment = {**os.environ, "COLUMNS": str(columns)}
    with os.fdopen(terminal, "wb") as stream:
        subprocess.run(command, stdout=stream, cwd=folder, env=environment, timeout=60, check=True)
    printed = b""
    with os.fdopen(controller, "rb", buffering=0) as stream, suppress(OSError):  # what Linux says at the end
        while more := stream.read(65536):
            printed += more
    return re.sub(r"\x1b\[[0-9;]*m", "", printed.decode()).splitlines()


def test_the_settings_of_the_project_are_read_from_below_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "katas").rename(project / "exercises")
    (project / "pytest.ini").write_text("[pytest]\nkata_paths = exercises\nkata_solutions = answers\n")
    (project / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(project / "deep" / "down")
    assert "Ranks and spans" in CliRunner().invoke(main, ["list"]).output
    assert CliRunner().invoke(main, ["start", "ranks"]).exit_code == 0
    assert (project / "answers" / "ranks.py").is_file()


def test_a_hostile_project_does_not_reach_the_command(mlkata: Mlkata, project: Path) -> None:
    (project / "conftest.py").write_text("raise RuntimeError('the conftest ran')\n")
    (project / "pytest.ini").write_text("[pytest]\naddopts = -x --nonsense --doctest-modules\n")
    assert mlkata("list").exit_code == 0
    assert mlkata("check", "ranks").exit_code == 0


# start


def test_start_copies_the_stub_and_the_spec_and_says_what_is_next(mlkata: Mlkata, project: Path) -> None:
    result = mlkata("start", "ranks")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "made solutions/ranks.py",
        "made solutions/ranks.md",
        "next: fill in solutions/ranks.py and run pytest --kata ranks",
    ]
    for name, source in {"ranks.py": "stub.py", "ranks.md": "spec.md"}.items():
        assert (project / "solutions" / name).read_bytes() == (project / "katas" / "ranks" / source).read_bytes()


def test_start_never_overwrites(mlkata: Mlkata, project: Path) -> None:
    (project / "solutions").mkdir()
    mine = project / "solutions" / "ranks.py"
    mine.write_text("mine\n")
    result = mlkata("start", "ranks")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == ["kept solutions/ranks.py as it is", "made solutions/ranks.md"]
    assert mine.read_text() == "mine\n"
    assert mlkata("start", "ranks").stdout.splitlines()[1] == "kept solutions/ranks.md as it is"


def test_start_keeps_even_a_link_to_nowhere(mlkata: Mlkata, project: Path) -> None:
    (project / "solutions").mkdir()
    (project / "solutions" / "ranks.py").symlink_to(project / "absent.py")
    assert "kept solutions/ranks.py" in mlkata("start", "ranks").stdout
    assert not (project / "absent.py").exists()


def test_start_tells_the_command_that_finds_the_kata_again(mlkata: Mlkata, project: Path) -> None:
    (project / "katas").rename(project / "more katas")
    result = mlkata("start", "ranks", "--kata-path", "more katas")
    assert result.stdout.splitlines()[-1].endswith("run pytest --kata ranks --kata-path 'more katas'")


def test_start_works_with_the_name_in_another_spelling(mlkata: Mlkata, project: Path) -> None:
    assert mlkata("start", "Ranks").exit_code == 0
    assert (project / "solutions" / "ranks.py").is_file()


@pytest.mark.parametrize("setting", ["solutions", "notes/solutions"])
def test_a_file_in_the_place_of_the_folder_is_said(mlkata: Mlkata, project: Path, setting: str) -> None:
    (project / "pytest.ini").write_text(f"[pytest]\nkata_solutions = {setting}\n")
    file = project / setting.partition("/")[0]
    file.write_text("mine")
    result = mlkata("start", "ranks")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {project / setting / 'ranks.py'} cannot be written: ")
    assert result.stderr.endswith(f"; {file} is a file where a folder is needed\n")
    assert file.read_text() == "mine"


def test_a_folder_that_may_not_be_written_is_said(
    mlkata: Mlkata, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    result = mlkata("start", "ranks")
    assert result.exit_code == 1
    path = project / "solutions" / "ranks.py"
    assert result.stderr == f"Error: {path} cannot be written: Permission denied; check the permissions\n"


def test_a_malformed_kata_cannot_be_started(mlkata: Mlkata, project: Path) -> None:
    (project / "katas" / "ranks" / "spec.md").unlink()
    result = mlkata("start", "ranks")
    assert result.exit_code == 1
    assert "spec.md: there is no such file; a kata has a spec that states the question" in result.stderr
    assert not (project / "solutions").exists()


# show


def test_show_prints_the_spec_as_it_is_where_nobody_looks(mlkata: Mlkata, project: Path) -> None:
    result = mlkata("show", "ranks")
    assert result.exit_code == 0
    assert result.stdout == (project / "katas" / "ranks" / "spec.md").read_text("utf-8") + "\n"


def test_show_survives_a_spec_in_another_encoding(mlkata: Mlkata, project: Path) -> None:
    (project / "katas" / "ranks" / "spec.md").write_bytes("# Ränge\n".encode("latin-1"))
    assert mlkata("show", "ranks").exit_code == 0


@pytest.mark.parametrize("command", ["show", "list"])
def test_a_terminal_that_cannot_show_a_sign_does_not_end_the_command(project: Path, command: str) -> None:
    set_line(project / "katas" / "ranks" / "kata.toml", "Ranks and", "Ränge ≤")
    (project / "katas" / "ranks" / "spec.md").write_text("Ränge ≤\n", encoding="utf-8")
    result = CliRunner(charset="latin-1").invoke(main, [command, *(["ranks"] if command == "show" else [])])
    assert result.exit_code == 0, result.exception
    assert "Ränge \\u2264" in result.stdout


# hint


@pytest.fixture
def hints(project: Path) -> Path:
    """The hints of `ranks`: one on the whole, three on `rank`, none on `span`."""
    path = project / "katas" / "ranks" / "hints.md"
    path.write_text(HINTS, encoding="utf-8")
    return path


@pytest.fixture
def taken(project: Path) -> Callable[[], dict[str, int]]:
    """What is noted of `ranks`."""
    path = project / "solutions" / ".mlkata" / "hints.json"
    return lambda: json.loads(path.read_text("ascii"))["katas"]["ranks"] if path.exists() else {}


Taken = Callable[[], dict[str, int]]


@pytest.mark.usefixtures("hints")
def test_hint_gives_one_stage_after_the_other_and_counts(mlkata: Mlkata, taken: Taken) -> None:
    said, first = [], "The smaller ones, *not* the larger."
    for number in (1, 2, 3):
        result = mlkata("hint", "ranks", "rank")
        assert (result.exit_code, result.stderr) == (0, "")
        assert taken() == {"rank": number}
        said.append(result.stdout)
    assert said == [
        f"rank, hint 1 of 3: What is counted?\n\n{first}\n\nthere are 2 more: mlkata hint ranks rank\n",
        "rank, hint 2 of 3: Compare\n\n```python\n# every pair\n```\n\nthere is 1 more: mlkata hint ranks rank\n",
        "rank, hint 3 of 3: Nearly there\n\nCount, for each.\n\nthat was the last hint on rank\n",
    ]


@pytest.mark.usefixtures("hints")
def test_hint_repeats_the_last_without_counting(mlkata: Mlkata, taken: Taken) -> None:
    for _ in range(3):
        mlkata("hint", "ranks", "rank")
    result = mlkata("hint", "ranks", "rank")
    assert result.exit_code == 0
    assert result.stdout == (
        "rank, hint 3 of 3: Nearly there\n\nCount, for each.\n\n"
        "all 3 hints on rank were given before; this is the last again, not counted\n"
    )
    assert taken() == {"rank": 3}
    mlkata("hint", "ranks")
    assert "the only hint on ranks was given before; this is it again" in mlkata("hint", "ranks", "ranks").stdout


@pytest.mark.usefixtures("hints")
def test_hint_without_a_function_is_about_the_whole_and_then_a_table(mlkata: Mlkata, taken: Taken) -> None:
    assert mlkata("hint", "q11", "--kata-path", "katas").stdout == (
        "ranks, hint 1 of 1: Where to begin\n\nOne function at a time.\n\n"
        "that was the last hint on ranks; for those on its functions: mlkata hint ranks --kata-path katas\n"
    )
    mlkata("hint", "ranks", "rank")
    for _ in range(2):
        assert [line.split(maxsplit=4) for line in mlkata("hint", "ranks").stdout.splitlines()] == [
            ["hints", "on", "given", "how", "to ask"],
            ["ranks", "1", "of", "1", "mlkata hint ranks --again"],
            ["rank", "1", "of", "3", "mlkata hint ranks rank"],
        ]
    assert taken() == {"ranks": 1, "rank": 1}


def test_hint_shows_the_table_at_once_where_there_is_nothing_on_the_whole(
    mlkata: Mlkata, hints: Path, taken: Taken
) -> None:
    hints.write_text("## span\n### Ends\nLook.\n")
    assert mlkata("hint", "ranks").stdout.splitlines()[1].split(maxsplit=4)[-1] == "mlkata hint ranks span"
    assert taken() == {}


@pytest.mark.usefixtures("hints")
def test_hint_shows_again_what_was_given_without_counting(mlkata: Mlkata, taken: Taken) -> None:
    assert mlkata("hint", "ranks", "rank", "--again").stdout == (
        "no hint on rank was given yet; for the first: mlkata hint ranks rank\n"
    )
    assert mlkata("hint", "ranks", "--again").stdout.startswith("no hint on ranks was given yet; for the first: mlk")
    mlkata("hint", "ranks", "rank")
    mlkata("hint", "ranks", "rank")
    result = mlkata("hint", "ranks", "rank", "--again")
    assert result.stdout.index("hint 1 of 3") < result.stdout.index("hint 2 of 3")
    assert result.stdout.endswith("2 of 3 hints on rank given; for the next: mlkata hint ranks rank\n")
    mlkata("hint", "ranks")
    mlkata("hint", "ranks", "rank")
    assert taken() == {"ranks": 1, "rank": 3}
    result = mlkata("hint", "ranks", "--again")
    assert [line for line in result.stdout.splitlines() if ", hint " in line] == [
        "ranks, hint 1 of 1: Where to begin",
        "rank, hint 1 of 3: What is counted?",
        "rank, hint 2 of 3: Compare",
        "rank, hint 3 of 3: Nearly there",
    ]
    assert result.stdout.endswith("\n4 of 4 hints on ranks given\n")
    assert taken() == {"ranks": 1, "rank": 3}


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("ranc", "ranks has no function 'ranc'; did you mean rank or ranks?"),
        ("nonsense", "ranks has no function 'nonsense'; there are hints on: ranks, rank"),
        ("span", "there are no hints on span; there are hints on: ranks, rank"),
    ],
)
@pytest.mark.usefixtures("hints")
def test_hint_on_what_there_is_none_says_what_there_is(mlkata: Mlkata, taken: Taken, function: str, said: str) -> None:
    for more in ((), ("--again",)):
        result = mlkata("hint", "ranks", function, *more)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {said}\n")
    assert taken() == {}


def test_hint_on_a_kata_without_hints_says_so(mlkata: Mlkata, project: Path, taken: Taken) -> None:
    (project / "katas" / "ranks" / "hints.md").unlink()
    for arguments in ((), ("rank",), ("--again",)):
        result = mlkata("hint", "ranks", *arguments)
        assert result.exit_code == 1
        assert result.stderr == "Error: ranks has no hints; `mlkata show ranks` says what is asked for\n"
    assert taken() == {}


def test_hint_survives_that_the_kata_has_fewer_than_it_had(mlkata: Mlkata, hints: Path, taken: Taken) -> None:
    for _ in range(3):
        mlkata("hint", "ranks", "rank")
    hints.write_text("## rank\n### Why\nBecause.\n### How\nSo.\n")
    assert mlkata("hint", "ranks", "rank").stdout.startswith("rank, hint 2 of 2: How\n")
    assert mlkata("hint", "ranks").stdout.splitlines()[1].split()[1:4] == ["2", "of", "2"]
    assert taken() == {"rank": 3}


@pytest.mark.usefixtures("hints")
def test_a_hint_that_cannot_be_noted_is_not_given(mlkata: Mlkata, project: Path) -> None:
    (project / "solutions").write_text("in the way")
    result = mlkata("hint", "ranks", "rank")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "hints.json: what was given cannot be noted: " in result.stderr
    assert result.stderr.endswith("so the hint was not given; make this file and its folder writable\n")


@pytest.mark.usefixtures("hints")
def test_a_record_at_fault_is_said_and_kept(mlkata: Mlkata, project: Path) -> None:
    record = project / "solutions" / ".mlkata" / "hints.json"
    record.parent.mkdir(parents=True)
    record.write_text("{")
    result = mlkata("hint", "ranks", "rank")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {record}, line 1: is not valid JSON: ")
    assert record.read_text() == "{"


def test_malformed_hints_are_said(mlkata: Mlkata, hints: Path) -> None:
    hints.write_text("## ranc\n### a\nb\n")
    result = mlkata("hint", "ranks")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {hints}, line 1: there is no function `ranc` in the stub; did you mean")


@pytest.mark.usefixtures("hints")
def test_hint_keeps_its_record_beside_the_solutions(mlkata: Mlkata, project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\nkata_solutions = my answers\n")
    mlkata("hint", "ranks", "rank")
    assert (project / "my answers" / ".mlkata" / "hints.json").is_file()


# check


@pytest.mark.usefixtures("quick")
def test_check_proves_a_good_kata(mlkata: Mlkata) -> None:
    result = mlkata(*CHECK)
    assert result.exit_code == 0
    lines = [line for line in result.stdout.splitlines() if not line.startswith("remark: ")]
    assert [line.split()[:2] for line in lines] == [
        ["proof", "seconds"],
        *[[name, "holds"] for name in ("form", "written", "stub", "right", "wrong", "names")],
        ["five", "runs"],
        *[[name, "holds"] for name in ("coverage", "mutants")],
        ["ranks:", "4"],
    ]
    assert result.stdout.splitlines()[-1] == "ranks: 4 solutions graded, every one is judged as it should be"
    assert result.stderr == "checking ranks (1 of 1) …\n"


@pytest.mark.usefixtures("quick")
@pytest.mark.usefixtures("quick")
def test_check_names_the_file_and_the_remedy(mlkata: Mlkata, project: Path) -> None:
    ties = project / "katas" / "ranks" / "hidden" / "wrong" / "ties.py"
    set_line(ties, "order.index(i) for i in range(len(x))", "sum(b < a for b in x) for a in x")
    result = mlkata(*CHECK)
    assert result.exit_code == 1
    assert "wrong.ties  4/4     misjudged" in result.stdout
    *_, finding, total = result.stdout.splitlines()
    said = "is wrong, but test_rank_of_equal_elements_is_equal does not fail (passed; no check fails); let the check"
    assert finding.startswith(f"katas/ranks/hidden/wrong/ties.py: {said}")
    assert total == "ranks: 4 solutions graded, 1 thing to mend"


@pytest.mark.usefixtures("quick")
def test_check_of_malformed_hints_names_the_line(mlkata: Mlkata, hints: Path) -> None:
    hints.write_text("## rank\n### Why?\nBecause.\n## spam\n")
    result = mlkata(*CHECK)
    assert result.exit_code == 1
    *_, finding, total = result.stdout.splitlines()
    assert finding.startswith("katas/ranks/hints.md: line 4: there is no function `spam` in the stub; did you mean `sp")
    assert total == "ranks: 4 solutions graded, 1 thing to mend"


@pytest.mark.usefixtures("quick", "hints")
def test_check_asks_for_hints_on_every_function(mlkata: Mlkata) -> None:
    result = mlkata(*CHECK)
    assert result.exit_code == 1
    said = "katas/ranks/hints.md: has no hints on span; add a section `## span` with stages"
    assert result.stdout.splitlines()[-2].startswith(said)


@pytest.mark.usefixtures("quick")
def test_check_goes_on_after_a_malformed_kata(
    mlkata: Mlkata, project: Path, write_ranks: Callable[[Path], Path]
) -> None:
    write_ranks(project / "other").rename(project / "katas" / "broken")
    set_line(project / "katas" / "broken" / "kata.toml", "minutes", "minuts")
    result = mlkata("check", "broken,ranks", *CHECK[2:])
    assert result.exit_code == 1
    assert f"{project / 'katas' / 'broken' / 'kata.toml'}, line 6: unknown field `minuts`" in result.stdout
    assert "broken: malformed, nothing was graded" in result.stdout
    assert "ranks: 4 solutions graded, every one is judged as it should be" in result.stdout


@pytest.mark.usefixtures("quick")
def test_check_of_a_broken_kata_says_so_once(mlkata: Mlkata, project: Path) -> None:
    (project / "katas" / "ranks" / "hidden" / "test_correctness.py").write_text("def (:\n")
    result = mlkata(*CHECK)
    assert result.exit_code == 1
    assert result.stdout.count("SyntaxError") == 1
    assert "not graded" in result.stdout
    assert result.stdout.splitlines()[-1] == "ranks: 0 solutions graded, 1 thing to mend"


def test_check_refuses_what_it_does_not_know(mlkata: Mlkata) -> None:
    for arguments in (("--seed", "x"), ("--isolation", "jail"), ("--jobs", "0")):
        result = mlkata("check", "ranks", *arguments)
        assert result.exit_code == 2
        assert "Usage: " in result.stderr


@pytest.fixture
def proved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[Path, ...], checking.Wanted]]:
    """What was to be proved; it is taken to hold."""
    calls: list[tuple[tuple[Path, ...], checking.Wanted]] = []

    def prove(folders: tuple[Path, ...], wanted: checking.Wanted) -> bool:
        calls.append((folders, wanted))
        return True

    monkeypatch.setattr(checking, "prove", prove)
    return calls


def test_check_hands_on_what_it_was_asked_for(
    mlkata: Mlkata, project: Path, proved: list[tuple[tuple[Path, ...], checking.Wanted]]
) -> None:
    options = ("--seed", "7", "--jobs", "3", "--json", "-", "--html", "page.html", "-v")
    assert mlkata(*CHECK[:4], *options).exit_code == 0
    wanted = checking.Wanted("none", seed=7, jobs=3, json=Path("-"), html=Path("page.html"), verbose=True)
    assert proved == [((project / "katas" / "ranks",), wanted)]


def test_check_takes_all_katas_unless_some_are_named(
    mlkata: Mlkata,
    project: Path,
    write_ranks: Callable[[Path], Path],
    proved: list[tuple[tuple[Path, ...], checking.Wanted]],
) -> None:
    write_ranks(project / "other").rename(project / "katas" / "more")
    assert mlkata("check").exit_code == mlkata("check", "all").exit_code == 0
    first, second = (folders for folders, _ in proved)
    assert first == second
    assert {folder.name for folder in first} > {"ranks", "more"}
    assert "without any, all katas are proved" in mlkata("check", "--help").output


def test_an_interrupted_check_is_no_verdict(mlkata: Mlkata, monkeypatch: pytest.MonkeyPatch) -> None:
    def prove(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "prove", prove)
    result = mlkata("check", "ranks", "--json", "-")
    assert result.exit_code == 130
    assert (result.stdout, result.stderr.strip()) == ("", "Interrupted.")


@pytest.mark.parametrize("asked", [None, *ISOLATIONS])
def test_check_runs_solutions_where_it_is_asked_to(
    mlkata: Mlkata,
    monkeypatch: pytest.MonkeyPatch,
    proved: list[tuple[tuple[Path, ...], checking.Wanted]],
    asked: str | None,
) -> None:
    chosen: list[str | None] = []

    def choose(isolation: str | None) -> tuple[str, str]:
        chosen.append(isolation)
        return "none", ""

    monkeypatch.setattr(isolation, "choose", choose)
    option = () if asked is None else ("--isolation", asked)
    result = mlkata("check", "ranks", *option)
    assert result.exit_code == 0
    assert chosen == [asked]
    assert [wanted.isolation for _, wanted in proved] == ["none"]
    assert "confined" not in result.output


@pytest.mark.usefixtures("proved")
def test_check_says_where_it_is_weaker_than_usual(mlkata: Mlkata, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confine, "missing", lambda: "the kernel has no Landlock")
    result = mlkata("check", "ranks")
    assert result.exit_code == 0
    assert result.output.count("not confined: the kernel has no Landlock") == 1


@pytest.mark.parametrize("asked", ["confined", "sandbox"])
def test_check_refuses_what_cannot_be_had(mlkata: Mlkata, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setattr(confine, "missing", lambda: "the kernel has no Landlock")
    result = mlkata("check", "ranks", "--isolation", asked)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: --kata-isolation={asked} cannot be had here: the kernel has no Landlock; "
        "--kata-isolation=process does without, for code of people you trust\n"
    )


def test_a_grading_run_that_reports_nothing_is_said(mlkata: Mlkata, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_run", lambda *_: pytest.ExitCode.INTERNAL_ERROR)
    result = mlkata(*CHECK)
    assert result.exit_code == 1
    assert "\nError: the grading run ended before it could report; run it with `pytest --kata`" in result.stderr


# new


def test_new_writes_a_kata_that_is_found_and_says_what_is_next(mlkata: Mlkata, project: Path) -> None:
    result = mlkata("new", "two_fold", "--question", "7", "--round", "applied-ml")
    assert result.exit_code == 0
    *made, following = result.stdout.splitlines()
    assert "made katas/two_fold/kata.toml" in made
    assert sorted(made) == sorted(
        f"made {path.relative_to(project)}" for path in (project / "katas" / "two_fold").rglob("*.*")
    )
    assert following == "next: write what is marked in katas/two_fold, and run mlkata check two_fold as you go"
    assert re.search(r"two_fold +q7 +applied-ml", mlkata("list").stdout)


def test_new_puts_it_where_it_is_asked_to(mlkata: Mlkata, project: Path) -> None:
    result = mlkata("new", "two_fold", "--kata-path", "my katas")
    command = "mlkata check two_fold --kata-path 'my katas'"
    assert result.stdout.endswith(f"next: write what is marked in my katas/two_fold, and run {command} as you go\n")
    assert (project / "my katas" / "two_fold" / "kata.toml").is_file()
    assert mlkata("show", "two_fold", "--kata-path", "my katas").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ranks",), "there is a kata ranks already, in "),
        (("logistic_regression",), "there is a kata logistic_regression already, in "),
        (("Two-Fold",), "write small letters, digits and underscores: two_fold, for instance"),
        (("two_fold", "--question", "13"), "13 is not in the range 1<=x<=12"),
        (("two_fold", "--round", "first"), "'first' is not one of"),
        (("two_fold", "--kata-path", "pytest.ini"), "pytest.ini/two_fold cannot be written: Not a directory; check"),
        ((), "Missing argument 'NAME'"),
    ],
)
def test_new_refuses_what_cannot_be(mlkata: Mlkata, project: Path, arguments: tuple[str, ...], said: str) -> None:
    before = sorted(project.rglob("*"))
    result = mlkata("new", *arguments)
    assert result.exit_code != 0
    assert said in result.stderr
    assert sorted(project.rglob("*")) == before


def test_new_keeps_what_is_there(mlkata: Mlkata, project: Path) -> None:
    (project / "katas" / "two_fold").mkdir()
    result = mlkata("new", "two_fold")
    assert result.exit_code == 1
    assert "two_fold is there already, and is kept as it is; choose another name" in result.stderr
    assert list((project / "katas" / "two_fold").iterdir()) == []
