from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pytest_mlkata.kata.discovery import bundled_folder
from pytest_mlkata.kata.plain import read_plain

# What a manifest is made of, and what comes near to it without being plain, or without being TOML.
PIECES = [
    *(
        '"',
        "'",
        "\\",
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "=",
        " = ",
        "#",
        ",",
        ".",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "-",
        "_",
    ),
    *("0", "1", "007", "12", "1.5", "1.", ".5", "1e3", "0x1f", "1_000", "+1", "inf", "true", "false", "nan", "9" * 20),
    *("a", "b", "format", "limits", "title", "ü", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "2026-01-01"),
    *('"text"', "[limits]", "[a]", "a = 1\n", "b = 2\n", 'tags = ["a", "b"]\n', "[ ]", '["a"]', '["a",]', "# note\n"),
]
PLAIN = """\
# A kata.
format = 1
title = "Ränge, # and 'spans'"
tags = ["numpy", "a-b"]
ban = []

[limits]
call_seconds = 1
threads = true
"""


def same(text: str) -> bool:
    """Whether what is read plainly is what TOML says it is, down to the types."""
    found = read_plain(text)
    return found is None or repr(found) == repr(tomllib.loads(text))


def test_a_plain_manifest_is_read() -> None:
    assert read_plain(PLAIN) == {
        "format": 1,
        "title": "Ränge, # and 'spans'",
        "tags": ["numpy", "a-b"],
        "ban": [],
        "limits": {"call_seconds": 1, "threads": True},
    }
    assert same(PLAIN)


def test_the_shipped_manifests_are_plain() -> None:
    manifests = list(Path(bundled_folder()).glob("*/kata.toml"))
    assert manifests
    assert [path for path in manifests if read_plain(path.read_text("utf-8")) is None] == []


@settings(max_examples=2000)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("a = 1\na = 2\n")
@example("[a]\n[a]\n")
@example("a = 1\n[a]\n")
@example("[a]\nb = 1\n[c]\nb = 1\n")
@example("[a]\nc = 1\n[b]\na = 1\n")
@example("[a]\nb = 1\nb = 2\n")
@example("[a]\na = 1\n")
@example("[b]\n[a]\nb = 1\n")
def test_what_is_read_plainly_is_what_toml_says(text: str) -> None:
    assert same(text)


@settings(max_examples=500)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_in_a_string_or_a_comment_is_read_alike(text: str, note: str) -> None:
    assert same(f'title = "{text}" # {note}\n')


@pytest.mark.parametrize(
    "text", ["title = 'x'", "a.b = 1", "a = 1 # one", "a = 1.5", '["a"]', "a = [1]", "a = {}", 'a = """x"""']
)
def test_what_is_not_plain_is_left_alone(text: str) -> None:
    assert read_plain(text) is None
