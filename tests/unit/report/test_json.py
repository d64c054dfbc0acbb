from __future__ import annotations

import json
from typing import Any

import pytest
import sample_reports as sample
from golden_files import assert_golden

from pytest_mlkata.model import Report
from pytest_mlkata.report import json_
from pytest_mlkata.report.base import Format


def parsed(report: Report) -> dict[str, Any]:
    document = json.loads(json_.render(report))
    assert isinstance(document, dict)
    return document


@pytest.mark.parametrize(
    "name",
    [
        "passing",
        "failing",
        "syntax_error",
        "stub",
        "broken",
        "several",
        "survey",
        "repaired",
        "hostile",
        "hinted",
        "named",
        "own_tests",
    ],
)
def test_golden(name: str) -> None:
    assert_golden(f"{name}.json", json_.render(sample.REPORTS[name]))


def test_the_module_is_a_format() -> None:
    format_: Format = json_
    assert (format_.name, format_.suffix) == ("json", ".json")


def test_keys_and_their_order() -> None:
    document = parsed(sample.FAILING_REPORT)
    card = document["scorecards"][0]
    assert list(document) == ["format", "versions", "scorecards"]
    assert document["format"] == 1
    assert list(document["versions"]) == ["pytest_mlkata", "python", "numpy", "hypothesis"]
    assert (
        " ".join(card)
        == "kata title question round solution seed earned possible seconds hints broken needs changes tests checks"
    )
    keys = "id category function property status points earned message counterexample mistake seconds"
    assert all(" ".join(check) == keys for check in card["checks"])


@pytest.mark.parametrize("name", sample.REPORTS)
def test_the_checks_add_up_to_the_scorecard(name: str) -> None:
    for card in parsed(sample.REPORTS[name])["scorecards"]:
        assert card["earned"] == sum(check["earned"] for check in card["checks"])
        assert card["possible"] == sum(check["points"] for check in card["checks"])


def test_broken_is_a_text_or_null() -> None:
    assert parsed(sample.PASSING)["scorecards"][0]["broken"] is None
    assert parsed(sample.BROKEN)["scorecards"][0]["broken"].startswith("hidden/test_edge_cases.py, line 31")


def test_hints_are_a_count_or_null() -> None:
    assert parsed(sample.PASSING)["scorecards"][0]["hints"] is None
    assert parsed(sample.HINTED)["scorecards"][0]["hints"] == {"taken": 2, "of": 9}


def test_seconds_have_three_decimals() -> None:
    assert parsed(sample.PASSING)["scorecards"][0]["checks"][0]["seconds"] == 0.123


@pytest.mark.parametrize("name", sample.REPORTS)
def test_it_is_ascii_and_ends_with_a_newline(name: str) -> None:
    text = json_.render(sample.REPORTS[name])
    assert text.isascii()
    assert text.endswith("}\n")


def test_surrogates_and_control_characters_are_written_out() -> None:
    check = parsed(sample.HOSTILE)["scorecards"][0]["checks"][0]
    assert r"\x1b[31mred\x1b[0m \udc80 \x00 \u202egnp" in check["message"]
    assert check["counterexample"] == r"x = '\ud800\x07'"
