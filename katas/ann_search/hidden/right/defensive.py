"""Looks at everything twice, says precisely what is wrong, and keeps its state in small classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


def _as_float(values: Any, name: str, ndim: int) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimensions, got {array.ndim}")
    if array.dtype.kind not in "iufb":
        raise ValueError(f"{name} must hold numbers")
    array = array.astype(np.float64, copy=True)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    return array


def _at_least_one(value: Any, name: str) -> int:
    number = int(value)
    if number != value or number < 1:
        raise ValueError(f"{name} must be a whole number above 0, got {value}")
    return number


def lsh_codes(X: Any, planes: Any) -> np.ndarray:
    points, normals = _as_float(X, "X", 2), _as_float(planes, "planes", 2)
    if points.shape[1] != normals.shape[1]:
        raise ValueError(f"X has {points.shape[1]} features, planes {normals.shape[1]}")
    if len(normals) > 62:
        raise ValueError("at most 62 planes")
    codes = np.zeros(len(points), dtype=np.int64)
    for j in range(len(normals)):
        above = np.matmul(points, normals[j]) > 0
        codes[above] += np.int64(1) << np.int64(j)
    return codes


@dataclass
class Table:
    planes: np.ndarray
    buckets: dict[int, set[int]] = field(default_factory=dict)

    def put(self, X: np.ndarray) -> Table:
        for i, code in enumerate(lsh_codes(X, self.planes)):
            self.buckets.setdefault(int(code), set()).add(i)
        return self

    def get(self, q: np.ndarray) -> set[int]:
        (code,) = lsh_codes(q.reshape(1, -1), self.planes)
        return self.buckets.get(int(code), set())


class LSHIndex:
    def __init__(self, X: Any, n_tables: int, n_bits: int, seed: int) -> None:
        self._X = _as_float(X, "X", 2)
        tables, bits = _at_least_one(n_tables, "n_tables"), _at_least_one(n_bits, "n_bits")
        rng = np.random.default_rng(seed)
        self._tables = [Table(rng.normal(size=(bits, self._X.shape[1]))).put(self._X) for _ in range(tables)]

    def _query_vector(self, q: Any) -> np.ndarray:
        vector = _as_float(q, "q", 1)
        if vector.shape[0] != self._X.shape[1]:
            raise ValueError(f"q has {vector.shape[0]} features, the items have {self._X.shape[1]}")
        return vector

    def query(self, q: Any, k: int) -> list[int]:
        k = _at_least_one(k, "k")
        vector = self._query_vector(q)
        ids = np.array(self.candidates(vector), dtype=np.int64)
        if ids.size == 0:
            return []
        rows = self._X[ids]
        cosines = (rows @ vector) / (np.linalg.norm(rows, axis=1) * np.linalg.norm(vector))
        order = np.argsort(cosines, kind="mergesort")[::-1]
        return [int(i) for i in ids[order[:k]]]

    def candidates(self, q: Any) -> list[int]:
        vector = self._query_vector(q)
        return sorted(set().union(*(table.get(vector) for table in self._tables)))


class IVFIndex:
    def __init__(self, X: Any, n_lists: int, seed: int) -> None:
        self._X = _as_float(X, "X", 2)
        n, n_lists = len(self._X), _at_least_one(n_lists, "n_lists")
        if n_lists > n:
            raise ValueError(f"{n_lists} lists of {n} items")
        rng = np.random.default_rng(seed)
        self._centers = self._X[rng.choice(n, size=n_lists, replace=False)].copy()
        self._labels = self._assign()
        for _ in range(20):
            self._update(n_lists)
            labels = self._assign()
            if np.mean(labels != self._labels) < 0.001:
                self._labels = labels
                break
            self._labels = labels
        self.lists = [np.flatnonzero(self._labels == j).tolist() for j in range(n_lists)]

    def _assign(self) -> np.ndarray:
        half = 0.5 * np.sum(self._centers**2, axis=1)
        labels = np.empty(len(self._X), dtype=np.int64)
        for start in range(0, len(self._X), 10_000):
            part = slice(start, start + 10_000)
            labels[part] = np.argmax(self._X[part] @ self._centers.T - half, axis=1)
        return labels

    def _update(self, n_lists: int) -> None:
        """An empty cluster moves to the item that is farthest from its centre."""
        farthest = np.argsort(-np.sum((self._X - self._centers[self._labels]) ** 2, axis=1))
        empty = 0
        for j in range(n_lists):
            members = self._X[self._labels == j]
            if len(members) > 0:
                self._centers[j] = members.mean(axis=0)
            else:
                self._centers[j] = self._X[farthest[empty]]
                empty += 1

    def search(self, q: Any, k: int, n_probe: int) -> tuple[np.ndarray, np.ndarray]:
        vector = _as_float(q, "q", 1)
        if vector.shape[0] != self._X.shape[1]:
            raise ValueError(f"q has {vector.shape[0]} features, the items have {self._X.shape[1]}")
        k, n_probe = _at_least_one(k, "k"), _at_least_one(n_probe, "n_probe")
        if n_probe > len(self.lists):
            raise ValueError(f"only {len(self.lists)} lists")
        half = 0.5 * np.sum(self._centers**2, axis=1)
        probed = np.argsort(half - self._centers @ vector)[:n_probe]
        ids = np.array([i for j in probed for i in self.lists[j]], dtype=np.int64)
        distances = np.sqrt(np.sum((self._X[ids] - vector) ** 2, axis=1))
        order = np.argsort(distances, kind="stable")[:k]
        return ids[order], distances[order]


def recall_at_k(found: Any, true: Any) -> float:
    found, true = np.asarray(found), np.asarray(true)
    if found.shape != true.shape:
        raise ValueError("found and true have different shapes")
    hits = [[bool((row == wanted).any()) for wanted in ids] for row, ids in zip(found, true, strict=True)]
    return float(np.mean(hits))
