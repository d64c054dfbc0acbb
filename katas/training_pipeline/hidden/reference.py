"""A pipeline that can be run again: whole files, and a key for every record.

Nothing is ever undone or repaired. A file gets its final name when it is whole, and what is stored is known by its key,
(id, annotator): a run that was killed leaves some of the records, and the next one adds those whose keys are missing.
Version and split are functions of the records and of the ids, whatever the files look like.
"""

import hashlib
import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FIELDS = ("id", "text", "label", "annotator", "created_at")
BATCH = 1000
FLOOR = 1e-4


def ingest(source, store, labels):
    if not labels:
        raise ValueError("there are no labels")
    keys = {key for _, table in tables(store, ["id", "annotator"]) for key in _keys(table.to_pylist())}
    counts = {"accepted": 0, "rejected": 0, "duplicates": 0}
    store = Path(store)
    with Path(source).open(encoding="utf-8") as file:
        store.mkdir(parents=True, exist_ok=True)
        lines = (line.rstrip("\n") for line in file if line.strip())
        with (store / "_rejected").open("w", encoding="utf-8") as rejects:
            known = set()
            for line, reason in rejected(store):
                _reject(line, reason, rejects, known)
            while batch := list(islice(lines, BATCH)):
                by_date = {}
                for line in batch:
                    try:
                        record = _valid(line, labels)
                    except ValueError as error:
                        counts["rejected"] += 1
                        _reject(line, str(error), rejects, known)
                        continue
                    key = record["id"], record["annotator"]
                    if key in keys:
                        counts["duplicates"] += 1
                        continue
                    keys.add(key)
                    counts["accepted"] += 1
                    by_date.setdefault(_instant(record).date(), []).append(record)
                for date, records in by_date.items():
                    _write(records, store / f"date={date}")
        (store / "_rejected").replace(store / "rejected.jsonl")
    return counts


def tables(store, columns=None):
    """Yield date and table of every Parquet file in store; names with an underscore or a dot are not yet files."""
    for path in Path(store).glob("date=*/**/*.parquet"):
        date, *rest = path.relative_to(store).parts
        if not any(part.startswith(("_", ".")) for part in rest):
            with pq.ParquetFile(path) as file:
                yield date.removeprefix("date="), file.read(columns)


def rejected(store):
    """Yield line and reason of every rejected line in store."""
    path = Path(store, "rejected.jsonl")
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                yield entry["line"], entry["reason"]


def dataset_version(store):
    digests = sorted(_digest(json.dumps([record[name] for name in FIELDS])) for record in _records(store))
    return hashlib.sha256(b"".join(digests)).hexdigest()


def read(store, split=None, test_fraction=0.2):
    if split not in (None, "train", "test"):
        raise ValueError(f"there is no split {split!r}")
    if not 0 < test_fraction < 1:
        raise ValueError(f"test_fraction must lie between 0 and 1, not {test_fraction}")
    for record in sorted(_records(store), key=lambda record: (_instant(record), record["id"], record["annotator"])):
        side = "test" if _share(record["id"]) < test_fraction else "train"
        if split in (None, side):
            yield record


def cohens_kappa(a, b):
    if len(a) != len(b):
        raise ValueError(f"the raters have {len(a)} and {len(b)} labels")
    chance = sum(np.mean(a == label) * np.mean(b == label) for label in np.unique(a))
    with np.errstate(invalid="ignore"):  # 0 / 0 is nan
        return (np.mean(a == b) - chance) / (1 - chance)


def label_drift(reference, current):
    labels = reference.keys() | current.keys()
    before, now = (
        np.array([max(counts.get(label, 0) / sum(counts.values()), FLOOR) for label in labels])
        for counts in (reference, current)
    )
    return np.sum((now - before) * np.log(now / before))


def should_retrain(
    days_since, metric_drop, drift, new_records, max_age_days=7, max_drop=0.02, max_drift=0.2, min_records=1000
):
    if new_records < min_records:
        return None
    if metric_drop > max_drop:
        return "performance"
    if drift > max_drift:
        return "drift"
    return "schedule" if days_since >= max_age_days else None


def _valid(line, labels):
    record = json.loads(line)  # what is not JSON raises ValueError, too
    if not isinstance(record, dict) or record.keys() != set(FIELDS):
        raise ValueError("not an object with the five fields")
    if not all(isinstance(value, str) and value for value in record.values()):
        raise ValueError("a field is no string, or empty")
    if record["label"] not in labels:
        raise ValueError("an unknown label")
    if datetime.fromisoformat(record["created_at"]).tzinfo is None:
        raise ValueError("created_at without a zone")
    return record


def _instant(record):
    return datetime.fromisoformat(record["created_at"]).astimezone(UTC)


def _keys(records):
    return [(record["id"], record["annotator"]) for record in records]


def _records(store):
    return [record for _, table in tables(store) for record in table.to_pylist()]


def _write(records, folder):
    folder.mkdir(exist_ok=True)
    part = folder / "_part.parquet"
    pq.write_table(pa.Table.from_pylist(records), part)
    # Keys are stored once, so no other file has these.
    part.replace(folder / f"{_digest(json.dumps(_keys(records))).hex()}.parquet")


def _reject(line, reason, file, known):
    """Write a line, unless it is known; of lines that are known nothing is kept but digests."""
    digest = _digest(line)
    if digest not in known:
        known.add(digest)
        file.write(json.dumps({"line": line, "reason": reason}) + "\n")


def _digest(text):
    return hashlib.sha256(text.encode()).digest()


def _share(text):
    """Return a number from 0 to 1 that is the same for a text everywhere and always."""
    return int.from_bytes(_digest(text)[:8]) / 2**64
