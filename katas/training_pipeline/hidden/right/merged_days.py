"""keeps one file a day: spools new records by day, then copies the old rows and the new ones into its successor"""

import hashlib
import json
import os
from datetime import datetime, timezone
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIELDS = ["id", "text", "label", "annotator", "created_at"]
SCHEMA = pa.schema([pa.field(name, pa.large_string(), nullable=False) for name in FIELDS])


def when(record):
    return datetime.fromisoformat(record["created_at"]).astimezone(timezone.utc)


def problem(record, labels):
    if not isinstance(record, dict):
        return "this is no object"
    if set(record) != set(FIELDS):
        return "fields: " + ", ".join(sorted(set(record) ^ set(FIELDS)))
    if any(not isinstance(value, str) for value in record.values()):
        return "a value is no string"
    if not all(record.values()):
        return "a value is empty"
    if record["label"] not in set(labels):
        return "the label is not known"
    try:
        moment = datetime.fromisoformat(record["created_at"])
    except ValueError:
        return "created_at cannot be read"
    return "" if moment.utcoffset() is not None else "created_at has no zone"


def day_files(store):
    return sorted(Path(store).glob("date=*/data.parquet"))


def rows(path, columns=None):
    if path.exists():
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=500, columns=columns):
                yield from batch.to_pylist()


def json_lines(path):
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)


def ingest(source, store, labels):
    if not labels:
        raise ValueError("no labels")
    store = Path(store)
    keys = {(row["id"], row["annotator"]) for path in day_files(store) for row in rows(path, ["id", "annotator"])}
    accepted = rejected = duplicates = 0
    with open(source, encoding="utf-8") as lines:
        spool = store / "_spool"
        spool.mkdir(parents=True, exist_ok=True)
        for old in spool.iterdir():
            old.unlink()
        for line in lines:
            line = line.rstrip("\n")
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                reason = problem(record, labels)
            except json.JSONDecodeError as error:
                reason = f"no JSON: {error}"
            if reason:
                rejected += 1
                with (spool / "rejected").open("a") as out:
                    out.write(json.dumps({"line": line, "reason": reason}) + "\n")
                continue
            key = record["id"], record["annotator"]
            if key in keys:
                duplicates += 1
                continue
            keys.add(key)
            accepted += 1
            with (spool / f"date={when(record).date()}").open("a") as out:
                out.write(json.dumps(record) + "\n")
    for path in sorted(spool.glob("date=*")):
        merge(store / path.name / "data.parquet", json_lines(path))
    known = set()
    with (store / "rejected.tmp").open("w") as out:
        for entry in chain(json_lines(store / "rejected.jsonl"), json_lines(spool / "rejected")):
            digest = hashlib.blake2b(entry["line"].encode(), digest_size=16).digest()
            if digest not in known:
                known.add(digest)
                out.write(json.dumps(entry) + "\n")
    os.replace(store / "rejected.tmp", store / "rejected.jsonl")
    return dict(accepted=accepted, rejected=rejected, duplicates=duplicates)


def merge(path, records):
    path.parent.mkdir(exist_ok=True)
    records = chain(rows(path), records)
    new = path.with_name("data.parquet.new")
    with pq.ParquetWriter(new, SCHEMA) as writer:
        while part := list(islice(records, 500)):
            writer.write_table(pa.Table.from_pylist(part, SCHEMA))
    new.replace(path)


def dataset_version(store):
    total = 0
    for path in day_files(store):
        for row in rows(path):
            text = "".join(f"{len(row[name])}:{row[name]}" for name in FIELDS)
            total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return f"{total % 2**256:064x}"


def read(store, split=None, test_fraction=0.2):
    if split not in (None, "train", "test"):
        raise ValueError(split)
    if not 0 < test_fraction < 1:
        raise ValueError(test_fraction)
    found = [row for path in day_files(store) for row in rows(path)]
    for row in sorted(found, key=lambda row: (when(row), row["id"], row["annotator"])):
        number = int.from_bytes(hashlib.blake2b(row["id"].encode(), digest_size=6).digest(), "little")
        is_test = number < test_fraction * 2**48
        if split is None or is_test == (split == "test"):
            yield {name: row[name] for name in FIELDS}


def cohens_kappa(a, b):
    if len(a) != len(b):
        raise ValueError("one rater has more labels")
    values = np.unique(np.concatenate([a, b]))
    table = np.zeros((len(values), len(values)))
    np.add.at(table, (np.searchsorted(values, a), np.searchsorted(values, b)), 1 / len(a))
    p_o, p_e = np.trace(table), table.sum(axis=1) @ table.sum(axis=0)
    if np.isclose(p_e, 1, rtol=0, atol=1e-12):
        return np.float64("nan")
    return (p_o - p_e) / (1 - p_e)


def label_drift(reference, current):
    labels = sorted({*reference, *current})
    shares = np.array([[counts.get(label, 0) for label in labels] for counts in (reference, current)], dtype=float)
    r, c = np.maximum(shares / shares.sum(axis=1, keepdims=True), 1e-4)
    return float(((c - r) * (np.log(c) - np.log(r))).sum())


def should_retrain(days_since, metric_drop, drift, new_records, max_age_days=7, max_drop=0.02, max_drift=0.2, min_records=1000):
    reasons = {
        "performance": metric_drop > max_drop,
        "drift": drift > max_drift,
        "schedule": not days_since < max_age_days,
    }
    if new_records < min_records:
        return None
    return next((reason for reason, applies in reasons.items() if applies), None)
