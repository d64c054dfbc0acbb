"""The reference of `training_pipeline` against oracles that share nothing with it."""

from __future__ import annotations

import calendar
import json
import math
import re
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from references import reference_of

dataset: Any = pytest.importorskip("pyarrow.dataset", reason="the extra `pipeline` is not installed")
metrics: Any = pytest.importorskip("sklearn.metrics", reason="the extra `oracles` is not installed")

reference: Any = reference_of("training_pipeline")

LABELS = ["pos", "neg", "a b"]
FIELDS = ("id", "text", "label", "annotator", "created_at")
ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:(Z)|([+-])(\d\d):(\d\d))")
Record = dict[str, str]


def instant(text: str) -> tuple[int, int] | None:
    """Seconds since 1970 and microseconds, by the calendar; None where there is no such instant."""
    match = ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    seconds = calendar.timegm((year, month, day, hour, minute, second))
    if match[8] is None:
        offset = 3600 * int(match[10]) + 60 * int(match[11])
        seconds += offset if match[9] == "-" else -offset
    return seconds, int((match[7] or "0").ljust(6, "0"))


def date(text: str) -> str:
    found = instant(text)
    assert found is not None
    days = found[0] // 86400
    year = 1970
    while days >= 365 + calendar.isleap(year):
        days -= 365 + calendar.isleap(year)
        year += 1
    month = 1
    while days >= calendar.monthrange(year, month)[1]:
        days -= calendar.monthrange(year, month)[1]
        month += 1
    return f"{year:04}-{month:02}-{days + 1:02}"


def is_valid(line: str) -> bool:
    try:
        pairs = json.loads(line, object_pairs_hook=list)
    except json.JSONDecodeError:
        return False
    if not line.lstrip().startswith("{") or [*sorted(name for name, _ in pairs)] != sorted(FIELDS):
        return False
    values = dict(pairs)
    return (
        all(type(value) is str and len(value) > 0 for value in values.values())
        and values["label"] in LABELS
        and instant(values["created_at"]) is not None
    )


TIMES = st.builds(
    "{}T{}{}{}".format,
    st.sampled_from(("2026-01-05", "2026-02-28", "2026-02-29", "2024-02-29", "2025-12-31", "2026-13-01", "1999-12-31")),
    st.sampled_from(("00:00:00", "23:59:59", "12:30:00", "01:29:59")),
    st.sampled_from(("", ".5", ".000001", ".25", ".999999")),
    st.sampled_from(("Z", "+00:00", "-05:30", "+14:00", "+01:30", "")),
)
STRINGS = st.sampled_from(("a", "b", "", " ", "ü\u2028", "a b", "pos"))
RECORDS = st.fixed_dictionaries(
    {
        "id": st.sampled_from(("a", "b", "c")),
        "text": STRINGS | st.just(3),
        "label": st.sampled_from((*LABELS, *LABELS, "Pos")),
        "annotator": st.sampled_from(("ann", "bob", "")),
        "created_at": TIMES,
    }
)
LINES = st.one_of(
    RECORDS.map(json.dumps),
    RECORDS.map(lambda each: json.dumps(each, ensure_ascii=False)),
    RECORDS.map(lambda each: json.dumps({**each, "more": "x"})),
    st.sampled_from(("", "  ", "[]", "null", "x", "  x", "{}")),
)


def by_hand(files: Sequence[Sequence[str]]) -> tuple[list[dict[str, int]], list[Record], set[str]]:
    """Each file's counts, and what is stored and rejected in the end."""
    stored: list[Record] = []
    rejected: set[str] = set()
    counts = []
    for lines in files:
        count = {"accepted": 0, "rejected": 0, "duplicates": 0}
        for line in lines:
            if not line.strip(" \t"):
                continue
            if not is_valid(line):
                rejected.add(line)
                count["rejected"] += 1
                continue
            record = json.loads(line)
            is_known = any((record["id"], record["annotator"]) == (old["id"], old["annotator"]) for old in stored)
            count["duplicates" if is_known else "accepted"] += 1
            stored += [] if is_known else [record]
        counts.append(count)
    return counts, stored, rejected


def ordered(records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda each: (instant(each["created_at"]), each["id"], each["annotator"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.lists(st.lists(LINES, min_size=1, max_size=8), min_size=1, max_size=3), end=st.sampled_from(("\n", "\r\n"))
)
def test_ingest_agrees_with_reading_line_by_line(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str]], end: str
) -> None:
    folder = tmp_path_factory.mktemp("ingest")
    counts, stored, rejected = by_hand(files)
    for lines, count in zip(files, counts, strict=True):
        (folder / "in.jsonl").write_bytes(end.join(lines).encode())
        assert reference.ingest(str(folder / "in.jsonl"), str(folder / "store"), LABELS) == count
    assert [*reference.read(str(folder / "store"))] == ordered(stored)
    kept = (folder / "store" / "rejected.jsonl").read_text("utf-8").rstrip("\n")
    seen = [json.loads(line)["line"] for line in kept.split("\n")] if kept else []
    assert len(seen) == len({*seen})
    assert {*seen} == rejected
    assert rows_by_date(folder / "store") == sorted((date(each["created_at"]), each["id"]) for each in stored)


def rows_by_date(store: Path) -> list[tuple[str, str]]:
    """What another reader finds, with dates from the names of folders."""
    files = [str(path) for path in store.rglob("*.parquet")]
    if not files:
        return []
    partitioning = dataset.partitioning(flavor="hive")
    table = dataset.dataset(files, format="parquet", partitioning=partitioning).to_table(columns=["date", "id"])
    return sorted((str(row["date"]), row["id"]) for row in table.to_pylist())


def ingested(folder: Path, name: str, parts: Sequence[Sequence[Record]]) -> str:
    for number, part in enumerate(parts):
        source = folder / f"{name}-{number}.jsonl"
        source.write_text("".join(json.dumps(each) + "\n" for each in part), encoding="utf-8")
        reference.ingest(str(source), str(folder / name), LABELS)
    return str(folder / name)


def some(count: int) -> list[Record]:
    rng = np.random.default_rng(0)
    return [
        {
            "id": f"id {at // 2}",
            "text": f"text {rng.integers(9)}",
            "label": LABELS[rng.integers(3)],
            "annotator": ("ann", "bob")[at % 2],
            "created_at": f"2026-01-0{rng.integers(1, 9)}T0{rng.integers(9)}:00:00Z",
        }
        for at in range(count)
    ]


def test_versions_agree_just_where_the_records_do(tmp_path: Path) -> None:
    records = some(20)
    version = reference.dataset_version(ingested(tmp_path, "plain", [records]))
    assert reference.dataset_version(ingested(tmp_path, "mixed", [records[::-3], records[::2], records])) == version
    others = {version, reference.dataset_version(ingested(tmp_path, "less", [records[1:]]))}
    for field in FIELDS:
        new = {"label": "pos", "created_at": "2026-01-01T00:00:00+00:00"}.get(field, "new")
        changed = [*records[:7], {**records[7], field: new}, *records[8:]]
        assert changed[7] != records[7]
        others.add(reference.dataset_version(ingested(tmp_path, f"other {field}", [changed])))
    assert len(others) == 7


def test_splits_agree_in_another_process(tmp_path: Path) -> None:
    store = ingested(tmp_path, "store", [some(200)])
    test = {each["id"] for each in reference.read(store, "test")}
    train = {each["id"] for each in reference.read(store, "train")}
    assert len(test) + len(train) == 100
    assert not test & train
    assert 5 < len(test) < 40
    code = (
        "import json, sys, runpy; found = runpy.run_path(sys.argv[1]); "
        "print(json.dumps([each['id'] for each in found['read'](sys.argv[2], 'test')]))"
    )
    path = Path(reference.__file__)
    done = subprocess.run([sys.executable, "-c", code, path, store], capture_output=True, text=True, check=True)
    assert {*json.loads(done.stdout)} == test


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("xyw")), min_size=1, max_size=12))
def test_kappa_agrees_with_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    a, b = map(np.array, zip(*pairs, strict=True))
    right = metrics.cohen_kappa_score(a, b) if len({*a, *b}) > 1 else math.nan
    np.testing.assert_allclose(reference.cohens_kappa(a, b), right, atol=1e-12)


@given(*(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 50_000), min_size=1),) * 2)
def test_drift_agrees_with_exact_shares(before: dict[str, int], now: dict[str, int]) -> None:
    before, now = {"a": 1, **before}, {"b": 1, **now}
    if not sum(before.values()) or not sum(now.values()):
        return
    total = 0.0
    for label in sorted({*before, *now}):
        r, c = (
            max(Fraction(counts.get(label, 0), sum(counts.values())), Fraction(1, 10_000)) for counts in (before, now)
        )
        total += float(c - r) * (math.log(c) - math.log(r))
    assert reference.label_drift(before, now) == pytest.approx(total, rel=1e-9, abs=1e-12)


@given(
    days=st.sampled_from((0, 6.9, 7, 8)),
    drop=st.sampled_from((-1.0, 0.0, 0.02, 0.03)),
    drift=st.sampled_from((0.0, 0.2, 0.21)),
    new=st.sampled_from((0, 999, 1000, 1001)),
)
def test_reasons_agree_with_the_table(days: float, drop: float, drift: float, new: int) -> None:
    table = {"performance": drop > 0.02, "drift": drift > 0.2, "schedule": days >= 7}
    right = next((reason for reason, applies in table.items() if applies and new >= 1000), None)
    assert reference.should_retrain(days, drop, drift, new) == right


def test_the_example_of_the_spec(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": "fine", "label": "pos", "annotator": "ann", "created_at": "2026-01-05T23:30:00-02:00"},
        {"id": "a", "text": "fine", "label": "neg", "annotator": "bob", "created_at": "2026-01-05T10:00:00Z"},
        {"id": "a", "text": "good", "label": "pos", "annotator": "ann", "created_at": "2026-01-07T10:00:00Z"},
        {"id": "b", "text": 17, "label": "pos", "annotator": "ann", "created_at": "2026-01-05T10:00:00Z"},
    ]
    source, store = tmp_path / "week.jsonl", tmp_path / "store"
    source.write_text("".join(json.dumps(each) + "\n" for each in lines))
    first = {"accepted": 2, "rejected": 1, "duplicates": 1}
    assert reference.ingest(str(source), str(store), ["pos", "neg"]) == first
    again = {"accepted": 0, "rejected": 1, "duplicates": 3}
    assert reference.ingest(str(source), str(store), ["pos", "neg"]) == again
    assert rows_by_date(store) == [("2026-01-05", "a"), ("2026-01-06", "a")]
    raters = np.array([*"xxyyzz"]), np.array([*"xyyzzx"])
    assert reference.cohens_kappa(*raters) == pytest.approx(0.25)
    assert reference.label_drift({"pos": 1, "neg": 1}, {"pos": 3, "neg": 1}) == pytest.approx(0.274653, abs=1e-6)
    assert reference.should_retrain(9, 0.0, 0.3, 5000) == "drift"
