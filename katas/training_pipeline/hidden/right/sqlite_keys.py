"""keeps keys in SQLite, makes temporary files with tempfile, and reads a list"""

import hashlib
import json
import math
import os
import sqlite3
import tempfile
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
    return [path for path in sorted(Path(store).glob("date=*/*.parquet")) if not path.name.startswith(".")]


def stored(store):
    for path in data_files(store):
        yield from pq.ParquetFile(path).read().to_pylist()


def stored_keys(store):
    for path in data_files(store):
        table = pq.ParquetFile(path).read(["id", "annotator"])
        yield from zip(table["id"].to_pylist(), table["annotator"].to_pylist())


def write_day(folder, records, name):
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".parquet", dir=folder)
    os.close(handle)
    pq.write_table(pa.Table.from_pylist(records), temporary)
    os.replace(temporary, folder / f"{name}.parquet")


def write_batch(store, batch):
    by_date = {}
    for record in batch:
        by_date.setdefault(instant(record).date().isoformat(), []).append(record)
    for date, records in by_date.items():
        name = hashlib.md5(repr([(r["id"], r["annotator"]) for r in records]).encode()).hexdigest()
        write_day(Path(store) / f"date={date}", records, name)


class Keys:
    """Keys on disk, for more records than memory has room for; made anew from the data by every run."""

    def __init__(self, path, known):
        for each in (path, path + "-journal"):
            if os.path.exists(each):
                os.remove(each)
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("pragma synchronous = off")
        self.db.execute("begin")
        self.db.execute("create table keys (id text, annotator text, primary key (id, annotator)) without rowid")
        self.db.executemany("insert into keys values (?, ?)", known)

    def __contains__(self, key):
        return self.db.execute("select 1 from keys where id = ? and annotator = ?", key).fetchone() is not None

    def add(self, key):
        self.db.execute("insert into keys values (?, ?)", key)


def ingest(source, store, labels):
    if not labels:
        raise ValueError("labels must not be empty")
    if not os.path.exists(source):
        raise FileNotFoundError(source)
    os.makedirs(store, exist_ok=True)
    counts = {"accepted": 0, "rejected": 0, "duplicates": 0}
    keys = Keys(os.path.join(store, "_keys.sqlite"), stored_keys(store))
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
    digests = sorted(
        hashlib.sha256(json.dumps([record[name] for name in FIELDS]).encode()).hexdigest() for record in stored(store)
    )
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def read(store, split=None, test_fraction=0.2):
    if split not in (None, "train", "test"):
        raise ValueError(f"unknown split {split}")
    if not 0 < test_fraction < 1:
        raise ValueError("test_fraction must be between 0 and 1")
    records = sorted(stored(store), key=lambda record: (instant(record), record["id"], record["annotator"]))
    found = []
    for record in records:
        number = int(hashlib.md5(record["id"].encode()).hexdigest(), 16) % 1_000_000
        side = "test" if number < test_fraction * 1_000_000 else "train"
        if split is None or split == side:
            found.append(record)
    return found


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
