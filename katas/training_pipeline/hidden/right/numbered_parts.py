"""terse: generators and numbered parts, each day sorted in its file and the days merged"""

import glob
import heapq
import json
import os
from datetime import datetime as dt
from datetime import timezone
from hashlib import sha256
from itertools import count, groupby, islice

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.special import rel_entr

KEYS = {"id", "text", "label", "annotator", "created_at"}
at = lambda r: dt.fromisoformat(r["created_at"]).astimezone(timezone.utc)
rank = lambda r: (at(r), r["id"], r["annotator"])
key = lambda r: (r["id"], r["annotator"])
paths = lambda store: glob.glob(f"{glob.escape(store)}/date=*/*.parquet")
load = lambda path, columns=None: pq.ParquetFile(path).read(columns).to_pylist()
h = lambda text: sha256(text.encode()).digest()


def why_not(line, labels):
    try:
        r = json.loads(line)
        assert isinstance(r, dict) and r.keys() == KEYS
        assert all(isinstance(v, str) and v for v in r.values())
        assert r["label"] in labels and dt.fromisoformat(r["created_at"]).tzinfo
        return None, r
    except (AssertionError, ValueError) as e:
        return repr(e), None


def atomically(path, write):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write(path + "~")
    os.replace(path + "~", path)


def ingest(source, store, labels):
    if not labels:
        raise ValueError
    n = {"accepted": 0, "rejected": 0, "duplicates": 0}
    seen = {key(r) for p in paths(store) for r in load(p, ["id", "annotator"])}
    number = count(max([int(os.path.basename(p)[:-8]) for p in paths(store)], default=0) + 1)
    bad = f"{store}/rejected.jsonl"

    def fresh(lines, out, known):
        for line in lines:
            reason, r = why_not(line, labels)
            if reason:
                n["rejected"] += 1
                if h(line) not in known:
                    known.add(h(line))
                    out.write(json.dumps({"line": line, "reason": reason}) + "\n")
            elif key(r) in seen:
                n["duplicates"] += 1
            else:
                n["accepted"] += 1
                seen.add(key(r))
                yield r

    def whole(path):
        with open(path, "w") as out:
            known = set()
            for old in open(bad) if os.path.exists(bad) else ():
                known.add(h(json.loads(old)["line"]))
                out.write(old)
            records = fresh((l.rstrip("\n") for l in file if l.strip()), out, known)
            while part := sorted(islice(records, 999), key=rank):
                for day, rows in groupby(part, lambda r: at(r).date()):
                    table = pa.Table.from_pylist(list(rows))
                    atomically(f"{store}/date={day}/{next(number):08}.parquet", lambda p: pq.write_table(table, p))

    with open(source, encoding="utf-8") as file:
        atomically(bad, whole)
    return n


def dataset_version(store):
    rows = sorted((sorted(r.items()) for p in paths(store) for r in load(p)))
    return sha256(json.dumps(rows).encode()).hexdigest()[:32]


def read(store, split=None, test_fraction=0.2):
    if split not in (None, "train", "test") or not 0 < test_fraction < 1:
        raise ValueError
    test = lambda r: int.from_bytes(h("split:" + r["id"])[-4:], "big") / 2**32 < test_fraction
    rows = heapq.merge(*(sorted(load(p), key=rank) for p in paths(store)), key=rank)
    return filter(lambda r: split is None or test(r) is (split == "test"), rows)


def cohens_kappa(a, b):
    if len(a) != len(b):
        raise ValueError
    _, i = np.unique(np.r_[a, b], return_inverse=True)
    k = i.max() + 1
    m = np.bincount(i[: len(a)] * k + i[len(a) :], minlength=k * k).reshape(k, k)
    e = np.outer(m.sum(1), m.sum(0)) / len(a)
    w = 1 - np.eye(k)
    return 1 - (w * m).sum() / (w * e).sum() if (w * e).sum() else np.nan


def label_drift(reference, current):
    r, c = (
        np.clip(np.array([d.get(l, 0) for l in {**reference, **current}]) / sum(d.values()), 1e-4, None)
        for d in (reference, current)
    )
    return (rel_entr(c, r) + rel_entr(r, c)).sum()


def should_retrain(days_since, metric_drop, drift, new_records, max_age_days=7, max_drop=0.02, max_drift=0.2, min_records=1000):
    why = metric_drop > max_drop and "performance" or drift > max_drift and "drift" or days_since >= max_age_days and "schedule"
    return why or None if new_records >= min_records else None
