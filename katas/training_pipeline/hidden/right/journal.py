"""commits a run by a journal of renames, which the next run finishes if it was left"""

import collections
import fractions
import hashlib
import json
import math
import os
from datetime import datetime, timezone

import pyarrow as pa
import pyarrow.parquet as pq

ORDER = "id text label annotator created_at".split()


class Store:
    def __init__(self, path):
        self.path = path
        self.work = os.path.join(path, ".work")
        self.journal = os.path.join(path, ".journal")

    def recover(self):
        """Finish what was committed, and throw away what was not."""
        os.makedirs(self.work, exist_ok=True)
        if os.path.exists(self.journal):
            with open(self.journal, encoding="utf-8") as file:
                self.move(json.load(file))
        for name in os.listdir(self.work):
            os.unlink(os.path.join(self.work, name))

    def move(self, moves):
        for name, to in moves:
            place = os.path.join(self.work, name)
            if os.path.exists(place):
                os.makedirs(os.path.dirname(os.path.join(self.path, to)), exist_ok=True)
                os.replace(place, os.path.join(self.path, to))
        os.unlink(self.journal)

    def commit(self, moves):
        with open(self.journal + ".new", "w", encoding="utf-8") as file:
            json.dump(moves, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.journal + ".new", self.journal)
        self.move(moves)

    def files(self):
        for folder, folders, names in os.walk(self.path):
            folders[:] = [each for each in folders if each.startswith("date=")]
            yield from (os.path.join(folder, name) for name in names if name.endswith(".parquet"))

    def records(self, columns=None):
        for file in self.files():
            for batch in pq.ParquetFile(file, memory_map=False).iter_batches(512, columns=columns or ORDER):
                yield from batch.to_pylist()


def _instant(text):
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None, "no zone"
    return moment.astimezone(timezone.utc)


def _check(line, labels):
    record = json.loads(line)
    assert isinstance(record, dict), "no object"
    assert sorted(record) == sorted(ORDER), "the fields are others"
    assert all(isinstance(each, str) for each in record.values()), "a field is no string"
    assert min(map(len, record.values())) > 0, "a field is empty"
    assert record["label"] in labels, "the label is unknown"
    return record, _instant(record["created_at"]).date()


def ingest(source, store, labels):
    if not labels:
        raise ValueError("labels")
    with open(source, encoding="utf-8") as file:
        os.makedirs(store, exist_ok=True)
        return _ingest(file, Store(store), labels)


def _ingest(file, store, labels):
    store.recover()
    keys = {(each["id"], each["annotator"]) for each in store.records(["id", "annotator"])}
    counts = collections.Counter()
    moves, open_writers, waiting = [], {}, collections.defaultdict(list)
    rejects = _Rejects(store)

    def write(day):
        if day not in open_writers:
            number = sum(1 for _ in store.files()) + len(open_writers)
            name = f"{day}.parquet"
            moves.append([name, f"date={day}/part-{number:06}.parquet"])
            schema = pa.schema([(each, pa.string()) for each in ORDER])
            open_writers[day] = pq.ParquetWriter(os.path.join(store.work, name), schema)
        rows = waiting.pop(day)
        open_writers[day].write_batch(pa.RecordBatch.from_pylist(rows, open_writers[day].schema))

    try:
        for line in file:
            line = line[:-1] if line.endswith("\n") else line
            if line.isspace() or not line:
                continue
            try:
                record, day = _check(line, labels)
            except (AssertionError, ValueError) as error:
                counts["rejected"] += 1
                rejects.add(line, str(error))
                continue
            key = record["id"], record["annotator"]
            if key in keys:
                counts["duplicates"] += 1
                continue
            keys.add(key)
            counts["accepted"] += 1
            waiting[day].append(record)
            if sum(map(len, waiting.values())) >= 256:
                for each in [*waiting]:
                    write(each)
        for each in [*waiting]:
            write(each)
    finally:
        for writer in open_writers.values():
            writer.close()
        rejects.file.close()
    store.commit([*moves, ["rejected", "rejected.jsonl"]])
    return {name: counts[name] for name in ("accepted", "rejected", "duplicates")}


class _Rejects:
    def __init__(self, store):
        self.known = set()
        self.file = open(os.path.join(store.work, "rejected"), "w", encoding="utf-8")
        old = os.path.join(store.path, "rejected.jsonl")
        if os.path.exists(old):
            with open(old, encoding="utf-8") as lines:
                for line in lines:
                    entry = json.loads(line)
                    self.add(entry["line"], entry["reason"])

    def add(self, line, reason):
        digest = hashlib.md5(line.encode()).digest()
        if digest not in self.known:
            self.known.add(digest)
            print(json.dumps({"line": line, "reason": reason or "not valid"}), file=self.file)


def dataset_version(store):
    digests = [hashlib.sha256(repr([each[name] for name in ORDER]).encode()).hexdigest() for each in Store(store).records()]
    return hashlib.md5(",".join(sorted(digests)).encode()).hexdigest()


def read(store, split=None, test_fraction=0.2):
    if split not in {None, "train", "test"}:
        raise ValueError("split")
    if test_fraction <= 0 or 1 <= test_fraction:
        raise ValueError("fraction")
    return _Reading(store, split, test_fraction)


class _Reading:
    """An iterator with a state of its own."""

    def __init__(self, store, split, fraction):
        self.records = sorted(Store(store).records(), key=lambda r: [_instant(r["created_at"]), r["id"], r["annotator"]])
        self.records.reverse()
        self.split, self.fraction = split, fraction

    def __iter__(self):
        return self

    def __next__(self):
        while self.records:
            record = self.records.pop()
            share = int(hashlib.sha1(record["id"].encode()).hexdigest()[:8], 16) / 16**8
            if self.split in (None, "test" if share < self.fraction else "train"):
                return record
        raise StopIteration


def cohens_kappa(a, b):
    n = len(a)
    if n != len(b):
        raise ValueError("lengths")
    a, b = a.tolist(), b.tolist()
    observed = fractions.Fraction(sum(map(lambda x, y: x == y, a, b)), n)
    expected = sum(fractions.Fraction(a.count(label) * b.count(label), n * n) for label in set(a))
    return math.nan if expected == 1 else float((observed - expected) / (1 - expected))


def label_drift(reference, current):
    r, c = ({label: count / sum(each.values()) for label, count in each.items()} for each in (reference, current))
    total = 0
    for label in {**reference, **current}:
        before, after = max(1e-4, r.get(label, 0.0)), max(1e-4, c.get(label, 0.0))
        total += after * math.log(after / before) + before * math.log(before / after)
    return total


def should_retrain(days_since, metric_drop, drift, new_records, max_age_days=7, max_drop=0.02, max_drift=0.2, min_records=1000):
    match (new_records >= min_records, metric_drop > max_drop, drift > max_drift, days_since >= max_age_days):
        case (False, *_):
            return None
        case (_, True, *_):
            return "performance"
        case (_, _, True, _):
            return "drift"
        case (*_, True):
            return "schedule"
