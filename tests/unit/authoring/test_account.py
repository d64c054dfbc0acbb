from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from validations import everything

from pytest_mlkata.authoring.account import render
from pytest_mlkata.authoring.validation import Validation

GOLDEN = Path(__file__).with_name("account.json")


@pytest.fixture
def validation(tmp_path: Path, write_ranks: Callable[[Path], Path]) -> Validation:
    return everything(write_ranks(tmp_path))


def test_the_account_is_what_it_was(validation: Validation) -> None:
    """Keys stay, and so do their order and their types: programs read them."""
    assert render([validation], {"odd": "title is missing\x1b"}) == GOLDEN.read_text("utf-8")


def test_the_account_is_ascii(validation: Validation) -> None:
    assert render([validation], {"odd": "für \ud800"}).isascii()


@pytest.mark.parametrize(("proofs", "malformed", "holds"), [(1, {}, True), (2, {}, False), (1, {"odd": "no"}, False)])
def test_everything_holds_or_nothing(
    validation: Validation, proofs: int, malformed: dict[str, str], *, holds: bool
) -> None:
    document = json.loads(render([replace(validation, proofs=validation.proofs[:proofs])], malformed))
    assert document["holds"] is holds


def test_what_was_not_looked_at_is_null(validation: Validation) -> None:
    document = json.loads(render([replace(validation, coverage=None, mutation=None)], {}))
    assert document["katas"][0]["coverage"] is None
    assert document["katas"][0]["mutants"] is None
