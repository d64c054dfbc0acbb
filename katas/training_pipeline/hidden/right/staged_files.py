"""stages the files of a whole run, one writer for each date, and moves them when all are closed"""

import hashlib
import json
import math
import os
import re
import shutil
import uuid
from collections import Counter
from datetime import datetime, timezone

import pyarrow as pa
import pyarrow.parquet as pq

NAMES = ["id", "text", "label", "annotator", "created_at"]
SCHEMA = pa.schema([(name, pa.string()) for name in NAMES])
WITH_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})")


def parse(text):
    if not WITH_ZONE.fullmatch(text):
        raise ValueError("created_at is not ISO 8601 with a zone")
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


def check(line, labels):
    """Return the record and no reason, or no record and a reason."""
    try:
        record = json.loads(line)
    except ValueError:
        return None, "not JSON"
    if type(record) is not dict:
        return None, "not an object"
    if sorted(record) != sorted(NAMES):
        return None, "other fields than the five"
    for name in NAMES:
        if type(record[name]) is not str or record[name] == "":
            return None, f"{name} must be a string that is not empty"
    if record["label"] not in labels:
        return None, "label"
    try:
        parse(record["created_at"])
    except ValueError as error:
        return None, str(error)
    return record, None


def data_files(store):
    found = []
    for folder in sorted(os.listdir(store)) if os.path.isdir(store) else []:
        if folder.startswith("date="):
            found += [os.path.join(store, folder, name) for name in sorted(os.listdir(os.path.join(store, folder)))]
    return [path for path in found if path.endswith(".parquet")]


def ingest(source, store, labels):
    if len(labels) == 0:
        raise ValueError("labels is empty")
    if not os.path.exists(source):
        raise FileNotFoundError(source)
    os.makedirs(store, exist_ok=True)
    staging = os.path.join(store, "_staging")
    shutil.rmtree(staging, ignore_errors=True)
    os.makedirs(staging)

    known = set()
    for path in data_files(store):
        table = pq.ParquetFile(path).read(columns=["id", "annotator"])
        known.update(zip(table["id"].to_pylist(), table["annotator"].to_pylist()))

    result = Counter(accepted=0, rejected=0, duplicates=0)
    writers, buffers, seen = {}, {}, set()
    rejects_path = os.path.join(store, "rejected.jsonl")
    new_rejects = open(os.path.join(staging, "rejected.jsonl"), "w", encoding="utf-8")
    if os.path.exists(rejects_path):
        with open(rejects_path, encoding="utf-8") as old:
            for entry in old:
                seen.add(hashlib.md5(json.loads(entry)["line"].encode()).digest())
                new_rejects.write(entry)

    def flush():
        for date, records in buffers.items():
            if date not in writers:
                path = os.path.join(staging, f"{date}.parquet")
                writers[date] = pq.ParquetWriter(path, SCHEMA)
            writers[date].write_table(pa.Table.from_pylist(records, schema=SCHEMA))
        buffers.clear()

    waiting = 0
    with open(source, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            line = line.rstrip("\r\n")
            if line.strip() == "":
                continue
            record, reason = check(line, labels)
            if record is None:
                result["rejected"] += 1
                digest = hashlib.md5(line.encode()).digest()
                if digest not in seen:
                    seen.add(digest)
                    new_rejects.write(json.dumps({"line": line, "reason": reason}) + "\n")
                continue
            key = (record["id"], record["annotator"])
            if key in known:
                result["duplicates"] += 1
                continue
            known.add(key)
            result["accepted"] += 1
            buffers.setdefault(parse(record["created_at"]).strftime("%Y-%m-%d"), []).append(record)
            waiting += 1
            if waiting == 500:
                flush()
                waiting = 0
    flush()
    new_rejects.close()
    for date, writer in writers.items():
        writer.close()
    run = uuid.uuid4().hex
    for date in writers:
        os.makedirs(os.path.join(store, f"date={date}"), exist_ok=True)
        os.rename(os.path.join(staging, f"{date}.parquet"), os.path.join(store, f"date={date}", f"{run}.parquet"))
    os.replace(os.path.join(staging, "rejected.jsonl"), rejects_path)
    os.rmdir(staging)
    return dict(result)


def all_records(store):
    records = []
    for path in data_files(store):
        records.extend(pq.ParquetFile(path).read().to_pylist())
    return records


def dataset_version(store):
    lines = sorted(json.dumps(record, sort_keys=True) for record in all_records(store))
    return hashlib.sha1("\n".join(lines).encode()).hexdigest()


def read(store, split=None, test_fraction=0.2):
    if split is not None and split not in {"train", "test"}:
        raise ValueError("split must be None, 'train' or 'test'")
    if test_fraction <= 0 or test_fraction >= 1:
        raise ValueError("test_fraction must be in (0, 1)")
    records = all_records(store)
    records.sort(key=lambda r: r["annotator"])
    records.sort(key=lambda r: r["id"])
    records.sort(key=lambda r: parse(r["created_at"]))
    if split is None:
        return iter(records)

    def in_test(name):
        return int(hashlib.md5(name.encode()).hexdigest(), 16) % 10_000 < test_fraction * 10_000

    return iter([r for r in records if in_test(r["id"]) == (split == "test")])


def cohens_kappa(a, b):
    a, b = list(a), list(b)
    if len(a) != len(b):
        raise ValueError("different lengths")
    n = len(a)
    agree = sum(x == y for x, y in zip(a, b))
    of_a, of_b = Counter(a), Counter(b)
    by_chance = sum(of_a[label] * of_b[label] for label in of_a)
    if by_chance == n * n:
        return float("nan")
    return (agree * n - by_chance) / (n * n - by_chance)


def label_drift(reference, current):
    total_r, total_c = sum(reference.values()), sum(current.values())
    drift = 0.0
    for label in set(reference) | set(current):
        r = max(reference.get(label, 0) / total_r, 0.0001)
        c = max(current.get(label, 0) / total_c, 0.0001)
        drift += (c - r) * math.log(c / r)
    return drift


def should_retrain(days_since, metric_drop, drift, new_records, max_age_days=7, max_drop=0.02, max_drift=0.2, min_records=1000):
    if new_records >= min_records:
        if metric_drop > max_drop:
            return "performance"
        if drift > max_drift:
            return "drift"
        if days_since >= max_age_days:
            return "schedule"
    return None
