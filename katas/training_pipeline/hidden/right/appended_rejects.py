"""reads bytes, keeps instants in a column of their own, and appends rejected lines after cutting off half a line"""

import hashlib
import json
import os
import uuid
import zlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIELDS = ("id", "text", "label", "annotator", "created_at")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Rejected(Exception):
    pass


def microseconds(text):
    if text.endswith("Z"):
        text = text[:-1] + "+00:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Rejected(f"created_at: {error}") from None
    if moment.tzinfo is None:
        raise Rejected("created_at: no zone")
    return (moment - EPOCH) // timedelta(microseconds=1)


def validated(raw, labels):
    try:
        record = json.loads(raw)
    except json.JSONDecodeError as error:
        raise Rejected(error.msg) from None
    if not isinstance(record, dict) or len(record) != 5 or not all(name in record for name in FIELDS):
        raise Rejected("not the five fields")
    for name, value in record.items():
        if not isinstance(value, str):
            raise Rejected(f"{name} is a {type(value).__name__}")
        if not value:
            raise Rejected(f"{name} is empty")
    if record["label"] not in labels:
        raise Rejected("label")
    return record | {"instant": microseconds(record["created_at"])}


def files_of(store):
    return [path for path in Path(store).glob("date=*/*.parquet") if path.name[0] != "."]


def repaired(path):
    """Open the file of rejected lines for more of them, and return the digests of those it has."""
    path.open("ab").close()
    known, end = set(), 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            known.add(hashlib.sha256(json.loads(line)["line"].encode()).digest())
            end += len(line)
    file = path.open("r+b")
    file.truncate(end)
    file.seek(end)
    return file, known


def save(records, store):
    days = {}
    for record in records:
        day = (EPOCH + timedelta(microseconds=record["instant"])).date().isoformat()
        days.setdefault(day, []).append(record)
    for day, several in days.items():
        folder = Path(store, f"date={day}")
        folder.mkdir(exist_ok=True)
        name = uuid.uuid4().hex
        columns = {field: [each[field] for each in several] for field in (*FIELDS, "instant")}
        pq.write_table(pa.table(columns), folder / f".{name}.parquet", compression="zstd")
        os.rename(folder / f".{name}.parquet", folder / f"{name}.parquet")


def ingest(source, store, labels):
    if not labels:
        raise ValueError("no labels are known")
    allowed = frozenset(labels)
    file = open(source, "rb")
    Path(store).mkdir(parents=True, exist_ok=True)
    keys = set()
    for path in files_of(store):
        table = pq.read_table(path, columns=["id", "annotator"], partitioning=None)
        keys |= {(row["id"], row["annotator"]) for row in table.to_pylist()}
    rejects, known = repaired(Path(store, "rejected.jsonl"))
    counts = {"accepted": 0, "rejected": 0, "duplicates": 0}
    batch = []
    with file, rejects:
        for raw in file:
            raw = raw.rstrip(b"\r\n")
            if not raw.strip():
                continue
            try:
                record = validated(raw, allowed)
            except Rejected as why:
                counts["rejected"] += 1
                digest = hashlib.sha256(raw).digest()
                if digest not in known:
                    known.add(digest)
                    entry = {"line": raw.decode(), "reason": str(why)}
                    rejects.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
                continue
            key = record["id"], record["annotator"]
            if key in keys:
                counts["duplicates"] += 1
            else:
                keys.add(key)
                counts["accepted"] += 1
                batch.append(record)
            if len(batch) >= 1000:
                save(batch, store)
                batch = []
        save(batch, store)
    return counts


def _load(store):
    tables = [pq.read_table(path, partitioning=None) for path in files_of(store)]
    return pa.concat_tables(tables).to_pylist() if tables else []


def dataset_version(store):
    digest = 0
    for record in _load(store):
        encoded = json.dumps({name: record[name] for name in FIELDS}).encode()
        digest ^= int(hashlib.sha512(encoded).hexdigest(), 16)
    return format(digest, "X").zfill(128)


def read(store, split=None, test_fraction=0.2):
    if split not in ("train", "test", None):
        raise ValueError("no such split")
    if not (test_fraction > 0 and test_fraction < 1):
        raise ValueError("no such fraction")
    records = _load(store)
    order = sorted(records, key=lambda each: (each["instant"], each["id"], each["annotator"]))
    sides = {"train": [], "test": [], None: []}
    for each in order:
        del each["instant"]
        sides["test" if zlib.crc32(each["id"].encode()) < test_fraction * 2**32 else "train"].append(each)
        sides[None].append(each)
    return sides[split]


def cohens_kappa(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError("shapes")
    p_o = (a == b).mean()
    p_e = 0
    for label in {*a.tolist()} & {*b.tolist()}:
        p_e += (a == label).mean() * (b == label).mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.float64(p_o - p_e) / np.float64(1 - p_e)


def label_drift(reference, current):
    def share(counts, label):
        value = counts.get(label, 0) / sum(counts.values())
        return value if value > 1e-4 else 1e-4

    labels = list(reference) + [label for label in current if label not in reference]
    r = np.array([share(reference, label) for label in labels])
    c = np.array([share(current, label) for label in labels])
    return np.dot(c - r, np.log(c / r))


def should_retrain(days_since, metric_drop, drift, new_records, max_age_days=7, max_drop=0.02, max_drift=0.2, min_records=1000):
    if new_records < min_records:
        return
    return (
        "performance" if metric_drop > max_drop else
        "drift" if drift > max_drift else
        "schedule" if days_since >= max_age_days else None
    )
