"""a file is called after the source and the number of the batch

Next week the export has the same name and other lines, and takes the place of what it left the last time.
"""

caught_by = ("test_ingest_takes_other_labels_for_the_same_file", "test_ingest_of_a_file_that_has_grown")

import hashlib
import json
import math
import os
from datetime import datetime, timezone
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIELDS = ("id", "text", "label", "annotator", "created_at")
BATCH = 1000


def _instant(text):
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError("no zone")
    return when.astimezone(timezone.utc)


def _key(name, annotator):
    return hashlib.blake2b(json.dumps([name, annotator]).encode(), digest_size=16).digest()


def _files(store):
    for folder in sorted(os.listdir(store)):
        if not folder.startswith("date="):
            continue
        for name in sorted(os.listdir(os.path.join(store, folder))):
            if name.endswith(".parquet") and name[0] not in "._":
                yield os.path.join(store, folder, name)


def _rows(store, columns=FIELDS):
    for path in _files(store):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=BATCH, columns=list(columns)):
                yield from batch.to_pylist()


def _parse(line, allowed):
    try:
        record = json.loads(line)
    except ValueError:
        return None, None, "no JSON"
    if not isinstance(record, dict) or set(record) != set(FIELDS):
        return None, None, "not the five fields"
    if not all(isinstance(value, str) and value for value in record.values()):
        return None, None, "a field is no string"
    if record["label"] not in allowed:
        return None, None, "unknown label"
    try:
        when = _instant(record["created_at"])
    except (ValueError, OverflowError):
        return None, None, "created_at is no instant"
    return record, when.date().isoformat(), None


def _open_rejected(path):
    """Cut a line that was not finished off the end; return what is known."""
    known, good = set(), 0
    if os.path.exists(path):
        with open(path, "rb") as file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    break
                good += len(raw)
                known.add(hashlib.blake2b(json.loads(raw)["line"].encode(), digest_size=16).digest())
        with open(path, "r+b") as file:
            file.truncate(good)
    return known


def _save(store, day, rows, name):
    folder = os.path.join(store, f"date={day}")
    os.makedirs(folder, exist_ok=True)
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in FIELDS})
    temporary = os.path.join(folder, f".{name}.tmp")
    pq.write_table(table, temporary)
    os.replace(temporary, os.path.join(folder, f"{name}.parquet"))


def ingest(source, store, labels):
    if not labels:
        raise ValueError("labels is empty")
    allowed = set(labels)
    counts = {"accepted": 0, "rejected": 0, "duplicates": 0}
    with open(source, "rb") as lines:
        os.makedirs(store, exist_ok=True)
        seen = {_key(row["id"], row["annotator"]) for row in _rows(store, ("id", "annotator"))}
        path = os.path.join(store, "rejected.jsonl")
        known = _open_rejected(path)
        number = 0
        while batch := list(islice(lines, BATCH)):
            days, bad = {}, []
            for raw in batch:
                line = raw.decode("utf-8")
                line = line.removesuffix("\n").removesuffix("\r") if line.endswith("\n") else line
                if not line.strip():
                    continue
                record, day, why = _parse(line, allowed)
                if why:
                    counts["rejected"] += 1
                    mark = hashlib.blake2b(line.encode(), digest_size=16).digest()
                    if mark not in known:
                        known.add(mark)
                        bad.append(json.dumps({"line": line, "reason": why}) + "\n")
                    continue
                key = _key(record["id"], record["annotator"])
                if key in seen:
                    counts["duplicates"] += 1
                    continue
                seen.add(key)
                counts["accepted"] += 1
                days.setdefault(day, []).append(record)
            if bad:
                with open(path, "ab") as file:
                    file.write("".join(bad).encode())
            for day, rows in days.items():
                _save(store, day, rows, f"{os.path.basename(source)}-{number}")
            number += 1
    return counts


def dataset_version(store):
    digests = sorted(hashlib.sha256(json.dumps([row[f] for f in FIELDS]).encode()).digest() for row in _rows(store))
    return hashlib.sha256(b"".join(digests)).hexdigest()


def _share(name):
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64


def read(store, split=None, test_fraction=0.2):
    if split not in (None, "train", "test"):
        raise ValueError("split")
    if split is not None and not 0 < test_fraction < 1:
        raise ValueError("test_fraction")
    rows = [row for row in _rows(store) if split is None or (_share(row["id"]) < test_fraction) == (split == "test")]
    rows.sort(key=lambda row: (_instant(row["created_at"]), row["id"], row["annotator"]))
    return iter(rows)


def cohens_kappa(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if len(a) != len(b):
        raise ValueError("different lengths")
    names, codes = np.unique(np.concatenate([a, b]), return_inverse=True)
    i, j, k, n = codes[: len(a)], codes[len(a) :], len(names), len(a)
    table = np.bincount(i * k + j, minlength=k * k).reshape(k, k) / n
    if k == 1:
        return math.nan
    observed, chance = np.trace(table), table.sum(axis=1) @ table.sum(axis=0)
    return float((observed - chance) / (1 - chance))


def label_drift(reference, current):
    total_r, total_c = sum(reference.values()), sum(current.values())
    psi = 0.0
    for label in set(reference) | set(current):
        r = max(reference.get(label, 0) / total_r, 1e-4)
        c = max(current.get(label, 0) / total_c, 1e-4)
        psi += (c - r) * math.log(c / r)
    return psi


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
