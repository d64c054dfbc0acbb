from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mlkata import checking
from pytest_mlkata.authoring.findings import Finding
from pytest_mlkata.authoring.judging import Judgement, Run
from pytest_mlkata.authoring.specimens import Specimen
from pytest_mlkata.authoring.validation import Proof, Validation
from pytest_mlkata.checking import Wanted, prove
from pytest_mlkata.errors import MlkataError
from pytest_mlkata.kata.manifest import load_kata
from pytest_mlkata.model import Check, CheckResult, Scorecard, Status

CHECK = Check("test_correctness.py::test_rank", "correctness", "rank", "rank counts", "Count.", 2)


@pytest.fixture
def ranks(tmp_path: Path, write_ranks: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return write_ranks(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was asked of the validator; a kata with a file `bad` is not as it should be."""
    calls: list[dict[str, Any]] = []

    def validate(folder: Path, **options: Any) -> Validation:
        kata = load_kata(folder)
        calls.append({"kata": kata.name, **options})
        options["progress"]("stub", 1, 2)
        found = (Finding(kata.stub, "is too good; make it worse"),) if (folder / "bad").exists() else ()
        results = (CheckResult(CHECK, Status.FAILED),)
        card = Scorecard(kata.name, "", 3, "", "stub.py", is_stub=True, seed=0, results=results)
        wrong = Specimen(kata.hidden / "wrong" / "ties.py", "wrong", "ties", ("test_span",))
        judgements = (
            Judgement(Specimen(kata.stub, "stub"), (Run("none", 0, card),), (), found),
            Judgement(wrong, (Run("none", 0, card),), ()),
        )
        proofs = (Proof("form", "in order", 0.1, ()), Proof("stub", "earns 0", 2.0, found))
        remark = Finding(kata.hidden, "a remark")
        return Validation(kata, "none", 0, proofs, judgements, None, None, (remark,))

    monkeypatch.setattr(checking, "validate", validate)
    return calls


def test_what_holds_is_short(ranks: Path, asked: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    assert prove([ranks], Wanted("none", seed=3, jobs=2))
    assert [{key: call[key] for key in ("isolation", "seed", "jobs")} for call in asked] == [
        {"isolation": "none", "seed": 3, "jobs": 2}
    ]
    out, err = capsys.readouterr()
    assert [line.split() for line in out.splitlines()[:3]] == [
        ["proof", "seconds", "result"],
        ["form", "holds", "0.1", "in", "order"],
        ["stub", "holds", "2.0", "earns", "0"],
    ]
    assert out.splitlines()[3:] == [
        "remark: ranks/hidden: a remark",
        "ranks: 2 solutions graded, every one is judged as it should be",
    ]
    assert err == "checking ranks (1 of 1) …\n"


@pytest.mark.usefixtures("asked")
def test_what_is_to_be_mended_is_shown(ranks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (ranks / "bad").touch()
    assert not prove([ranks], Wanted("none"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["stub", "0/2", "misjudged"]
    assert ["stub", "MEND", "2.0", "earns", "0"] in [line.split() for line in lines]
    assert lines[-2:] == [
        "ranks/stub.py: is too good; make it worse",
        "ranks: 2 solutions graded, 1 thing to mend",
    ]
    assert "wrong.ties" not in "\n".join(lines)


@pytest.mark.usefixtures("asked")
def test_every_solution_is_shown_on_request(ranks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove([ranks], Wanted("none", verbose=True))
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[1:3]] == ["stub", "wrong.ties"]
    assert "wrong.ties fails test_rank, too" in out


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("bad", [True, False])
def test_json_on_stdout_is_all_there_is(ranks: Path, capsys: pytest.CaptureFixture[str], *, bad: bool) -> None:
    if bad:
        (ranks / "bad").touch()
    broken = ranks.parent / "broken"
    broken.mkdir()
    (broken / "kata.toml").write_text("format = 1\n")
    folders = [ranks, broken] if bad else [ranks]
    assert prove(folders, Wanted("none", json=Path("-"))) is not bad
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["holds"] is not bad
    assert [each["kata"] for each in document["katas"]] == ["ranks"]
    assert list(document["malformed"]) == (["broken"] if bad else [])
    assert ("broken: malformed, nothing was graded" in err) is bad
    begun = [line for line in err.splitlines() if line.startswith("checking ")]
    assert begun == [f"checking {folder.name} ({n} of {len(folders)}) …" for n, folder in enumerate(folders, 1)]


@pytest.mark.usefixtures("asked")
def test_reports_are_written(ranks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove([ranks], Wanted("none", json=Path("out.json"), html=Path("out.html")))
    assert json.loads(Path("out.json").read_text())["holds"]
    assert Path("out.html").read_text().startswith("<!doctype html>")
    assert "ranks: 2 solutions graded" in capsys.readouterr().out


@pytest.mark.parametrize("option", ["html", "json"])
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_graded(
    ranks: Path, asked: list[dict[str, Any]], option: str
) -> None:
    wanted = Wanted("none", **{option: Path("missing") / "page"})  # type: ignore[arg-type]
    with pytest.raises(MlkataError, match="missing/page cannot be written: No such file or directory; name a file in "):
        prove([ranks], wanted)
    assert asked == []


@pytest.mark.parametrize("option", ["html", "json"])
def test_an_interrupted_run_leaves_reports_as_they_were(
    ranks: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    def interrupt(_folder: Path, **_options: Any) -> Validation:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "validate", interrupt)
    Path("old").write_text("what was there")
    Path("link").symlink_to("elsewhere")
    for name in ("new", "old", "link"):
        with pytest.raises(KeyboardInterrupt):
            prove([ranks], Wanted("none", **{option: Path(name)}))  # type: ignore[arg-type]
    assert not Path("new").exists()
    assert Path("old").read_text() == "what was there"
    assert Path("link").is_symlink()
    assert not Path("elsewhere").exists()


@pytest.mark.usefixtures("asked")
def test_progress_is_written_over_on_a_terminal(
    ranks: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    prove([ranks], Wanted("none", json=Path("-")))
    err = capsys.readouterr().err
    assert "ranks (1 of 1): stub 1/2" in err
    assert "checking" not in err
