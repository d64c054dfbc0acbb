from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_mlkata.errors import HintLogError
from pytest_mlkata.kata.hint_log import HintLog


@pytest.fixture
def log(tmp_path: Path) -> HintLog:
    return HintLog(tmp_path / "solutions")


def put(log: HintLog, text: str | bytes) -> bytes:
    log.path.parent.mkdir(parents=True)
    log.path.write_bytes(text.encode() if isinstance(text, str) else text)
    return log.path.read_bytes()


def entries(log: HintLog) -> list[str]:
    return sorted(path.name for path in log.path.parent.iterdir())


def test_nothing_was_given_before_the_first_hint(log: HintLog, tmp_path: Path) -> None:
    assert log.path == tmp_path / "solutions" / ".mlkata" / "hints.json"
    assert log.given("ranks") == {}
    assert not (tmp_path / "solutions").exists()


def test_what_was_given_is_kept(log: HintLog, tmp_path: Path) -> None:
    log.note("ranks", "rank", 1)
    log.note("ranks", "rank", 2)
    log.note("ranks", "ranks", 1)
    log.note("bäume", "fit", 1)
    again = HintLog(tmp_path / "solutions")
    assert again.given("ranks") == {"rank": 2, "ranks": 1}
    assert again.given("bäume") == {"fit": 1}
    assert json.loads(log.path.read_text("ascii")) == {
        "format": 1,
        "katas": {"bäume": {"fit": 1}, "ranks": {"rank": 2, "ranks": 1}},
    }
    assert entries(log) == ["hints.json"]


def test_a_count_never_falls(log: HintLog) -> None:
    log.note("ranks", "rank", 2)
    log.note("ranks", "rank", 1)
    assert log.given("ranks") == {"rank": 2}


def test_what_is_known_of_other_katas_is_kept(log: HintLog) -> None:
    put(log, '{"format": 1, "katas": {"gone": {"f": 3}}, "later": [1]}')
    log.note("ranks", "rank", 1)
    document = json.loads(log.path.read_text())
    assert document == {"format": 1, "katas": {"gone": {"f": 3}, "ranks": {"rank": 1}}, "later": [1]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: is not valid JSON: Expecting value; "),
        ('{"format": 1,\n "katas": {', "line 2: is not valid JSON: "),
        (b'{"format": 1, "katas": {"\xff": {}}}', "is not valid UTF-8; "),
        ("[" * 100_000, "is not valid JSON: "),
        ("[1]", "is not a record of hints; "),
        ('{"katas": {}}', "is not a record of hints; "),
        ('{"format": "1", "katas": {}}', "is not a record of hints; "),
        ('{"format": true, "katas": {}}', "is not a record of hints; "),
        ('{"format": 1}', "is not a record of hints; "),
        ('{"format": 1, "katas": []}', "is not a record of hints; "),
        ('{"format": 1, "katas": {"ranks": 3}}', "the hints on ranks are not counted as {function: number}; "),
        ('{"format": 1, "katas": {"ranks": {"rank": "2"}}}', "the hints on ranks are not counted as {function: "),
        ('{"format": 1, "katas": {"ranks": {"rank": -1}}}', "the hints on ranks are not counted as {function: number}"),
        ('{"format": 1, "katas": {"ranks": {"rank": true}}}', "the hints on ranks are not counted as {function: numb"),
        ('{"format": 1, "katas": {"ranks": {"rank": 1.0}}}', "the hints on ranks are not counted as {function: number"),
    ],
)
def test_a_record_at_fault_is_said_and_kept(log: HintLog, text: str | bytes, said: str) -> None:
    before = put(log, text)
    for use in (lambda: log.given("ranks"), lambda: log.note("ranks", "rank", 1)):
        with pytest.raises(HintLogError) as caught:
            use()
        found = str(caught.value).removeprefix(str(log.path)).lstrip(",: ")
        assert found.startswith(said)
        assert found.endswith("; mend the file, or delete it to count from nothing")
    assert log.path.read_bytes() == before
    assert entries(log) == ["hints.json"]


def test_a_later_format_is_said_and_kept(log: HintLog) -> None:
    before = put(log, '{"format": 2, "hints": []}')
    with pytest.raises(HintLogError, match=r"hints\.json: format 2 is newer than this pytest-mlkata knows \(1\); upda"):
        log.note("ranks", "rank", 1)
    assert log.path.read_bytes() == before


def test_what_cannot_be_read_is_said(log: HintLog) -> None:
    log.path.mkdir(parents=True)
    with pytest.raises(HintLogError, match=r"hints\.json: cannot be read: Is a directory; check its permissions"):
        log.given("ranks")


def test_a_file_in_the_place_of_the_folder_is_said(log: HintLog, tmp_path: Path) -> None:
    (tmp_path / "solutions").write_text("mine")
    assert log.given("ranks") == {}
    with pytest.raises(HintLogError) as caught:
        log.note("ranks", "rank", 1)
    assert str(caught.value).startswith(f"{log.path}: what was given cannot be noted: ")
    assert str(caught.value).endswith("so the hint was not given; make this file and its folder writable")
    assert (tmp_path / "solutions").read_text() == "mine"


def test_a_folder_that_may_not_be_written_is_said(log: HintLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.note("ranks", "rank", 1)
    before = log.path.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(HintLogError, match=r"cannot be noted: Permission denied, so the hint was not given; make this"):
        log.note("ranks", "rank", 2)
    assert log.path.read_bytes() == before
    assert entries(log) == ["hints.json"]


def test_an_interrupted_write_leaves_the_record_as_it_was(log: HintLog, monkeypatch: pytest.MonkeyPatch) -> None:
    log.note("ranks", "rank", 1)
    before = log.path.read_bytes()

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        log.note("ranks", "rank", 2)
    assert log.path.read_bytes() == before
    assert entries(log) == ["hints.json"]


def test_the_record_can_be_read_like_any_other_file(log: HintLog, tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    log.note("ranks", "rank", 1)
    assert log.path.stat().st_mode == (tmp_path / "plain").stat().st_mode
