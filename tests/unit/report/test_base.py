from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlkata.report.base import visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("naïve ✓ 日本", "naïve ✓ 日本"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x1b[2J\x7f\x9b", r"\x1b[2J\x7f\x9b"),
        ("\ud800 \u202e \u2028", r"\ud800 \u202e \u2028"),
    ],
)
def test_only_what_would_act_is_written_out(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_ascii_keeps_common_signs_legible() -> None:
    assert visible("x ≤ 2 × y… “é”", ascii_only=True) == 'x <= 2 x y... "\\xe9"'  # noqa: RUF001


@given(text=st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_printable(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert not [char for char in shown if char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert visible(shown) == shown
    assert visible(text, ascii_only=True).isascii()
