"""keeps each record as JSON in one column, and draws the side of an id from a generator that it seeds"""

import hashlib
import json
import math
import os
import random
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FIELDS = ["id", "text", "label", "annotator", "created_at"]


def instant(record):
    return datetime.fromisoformat(record["created_at"]).astimezone(timezone.utc)


def why_invalid(record, labels):
    if not isinstance(record, dict):
        return "not an object"
    if set(record) != set(FIELDS):
        return "other fields"
    for name in FIELDS:
        if not isinstance(record[name], str):
            return f"{name} is no string"
        if not record[name]:
            return f"{name} is empty"
    if record["label"] not in labels:
        return "unknown label"
    try:
        if datetime.fromisoformat(record["created_at"]).tzinfo is None:
            return "no zone"
    except ValueError:
        return "no time"
    return None


def data_files(store):
    return [path for path in sorted(Path(store).glob("date=*/**/*.parquet")) if not path.name.startswith("_")]


def stored(store):
    for path in data_files(store):
        yield from map(json.loads, pq.ParquetFile(path).read(["record"])["record"].to_pylist())


def stored_keys(store):
    keys = set()
    for path in data_files(store):
        table = pq.ParquetFile(path).read(["id", "annotator"])
        keys.update(zip(table["id"].to_pylist(), table["annotator"].to_pylist()))
    return keys


def write_day(folder, records, name):
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"_{name}.parquet"
    columns = {name: [record[name] for record in records] for name in ("id", "annotator")}
    columns["record"] = [json.dumps(record) for record in records]
    pq.write_table(pa.table(columns), temporary, compression="gzip", row_group_size=100)
    os.replace(temporary, folder / f"{name}.parquet")


def write_batch(store, batch):
    by_date = {}
    for record in batch:
        by_date.setdefault(instant(record).date().isoformat(), []).append(record)
    for date, records in by_date.items():
        name = hashlib.md5(repr([(r["id"], r["annotator"]) for r in records]).encode()).hexdigest()
        write_day(Path(store) / f"date={date}" / "source=web", records, name)


def ingest(source, store, labels):
    if not labels:
        raise ValueError("labels must not be empty")
    if not os.path.exists(source):
        raise FileNotFoundError(source)
    os.makedirs(store, exist_ok=True)
    counts = {"accepted": 0, "rejected": 0, "duplicates": 0}
    keys = stored_keys(store)
    rejects = os.path.join(store, "rejected.jsonl")
    known = set()
    batch = []
    with open(source, encoding="utf-8") as file, open(rejects + ".tmp", "w", encoding="utf-8") as out:
        if os.path.exists(rejects):
            with open(rejects, encoding="utf-8") as old:
                for entry in old:
                    known.add(hashlib.md5(json.loads(entry)["line"].encode()).digest())
                    out.write(entry)
        for line in file:
            line = line.rstrip("\n")
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                reason = why_invalid(record, labels)
            except ValueError:
                reason = "not JSON"
            if reason:
                counts["rejected"] += 1
                digest = hashlib.md5(line.encode()).digest()
                if digest not in known:
                    known.add(digest)
                    out.write(json.dumps({"line": line, "reason": reason}) + "\n")
                continue
            key = record["id"], record["annotator"]
            if key in keys:
                counts["duplicates"] += 1
                continue
            keys.add(key)
            counts["accepted"] += 1
            batch.append(record)
            if len(batch) == 1000:
                write_batch(store, batch)
                batch = []
        write_batch(store, batch)
    os.replace(rejects + ".tmp", rejects)
    return counts


def dataset_version(store):
    version = 0
    for record in stored(store):
        version ^= int.from_bytes(hashlib.sha3_256(repr(sorted(record.items())).encode()).digest(), "big")
    return "%064x" % version


def read(store, split=None, test_fraction=0.2):
    if split not in (None, "train", "test"):
        raise ValueError(f"unknown split {split}")
    if not 0 < test_fraction < 1:
        raise ValueError("test_fraction must be between 0 and 1")
    records = sorted(stored(store), key=lambda record: (instant(record), record["id"], record["annotator"]))
    for record in records:
        side = "test" if random.Random("split " + record["id"]).random() < test_fraction else "train"
        if split is None or split == side:
            yield record


def cohens_kappa(a, b):
    if len(a) != len(b):
        raise ValueError("the raters have different numbers of labels")
    n = len(a)
    p_o = sum(x == y for x, y in zip(a, b)) / n
    rates_a, rates_b = Counter(a.tolist()), Counter(b.tolist())
    p_e = sum(rates_a[label] * rates_b[label] for label in rates_a) / n**2
    if p_e == 1:
        return math.nan
    return (p_o - p_e) / (1 - p_e)


def label_drift(reference, current):
    n_r, n_c = sum(reference.values()), sum(current.values())
    total = 0.0
    for label in set(reference) | set(current):
        r = max(reference.get(label, 0) / n_r, 1e-4)
        c = max(current.get(label, 0) / n_c, 1e-4)
        total += (c - r) * math.log(c / r)
    return total


def should_retrain(
    days_since, metric_drop, drift, new_records, max_age_days=7, max_drop=0.02, max_drift=0.2, min_records=1000
):
    if new_records < min_records:
        return None
    if metric_drop > max_drop:
        return "performance"
    if drift > max_drift:
        return "drift"
    if days_since >= max_age_days:
        return "schedule"
    return None
