"""Functions that work through a stream part by part, and such as hoard it.

Each is `f(chunks, k)`; the chunks are pairs of ids (m,) and vectors (m, 8), k is a small number.
"""

from __future__ import annotations

from typing import Final

THROUGH: Final = {
    "sum": "return sum(float(vectors.sum()) for _, vectors in chunks)",
    "top_k": """
        best = np.empty((0,))
        for ids, vectors in chunks:
            best = np.sort(np.concatenate([best, vectors[:, 0]]))[-k:]
        return best
    """,
    "top_k_of_copies": """
        import heapq

        heap = []
        for ids, vectors in chunks:
            order = np.argsort(vectors[:, 0])[-k:]
            for value, number in zip(vectors[order, 0], ids[order]):
                heapq.heappush(heap, (value, number))
                if len(heap) > k:
                    heapq.heappop(heap)
        return heap
    """,
    "while_next": """
        total, chunk = 0.0, next(chunks, None)
        while chunk is not None:
            total += chunk[1].sum()
            chunk = next(chunks, None)
        return total
    """,
    "reservoir": """
        rng, kept, seen = np.random.default_rng(0), [], 0
        for ids, _ in chunks:
            for number in ids[:20].tolist():
                seen += 1
                if len(kept) < k:
                    kept.append(number)
                elif rng.integers(seen) < k:
                    kept[rng.integers(k)] = number
        return kept
    """,
    "the_one_before": """
        before, total = None, 0.0
        for ids, vectors in chunks:
            if before is not None:
                total += (vectors - before).sum()
            before = vectors
        return total
    """,
    "one_ahead": """
        total, ahead = 0.0, next(chunks, None)
        for chunk in chunks:
            total += ahead[1].sum()
            ahead = chunk
        return total + ahead[1].sum()
    """,
    "generators": """
        firsts = (vectors[:, 0] for _, vectors in chunks)
        return max(float(first.max()) for first in firsts)
    """,
    "counts_per_id": """
        counts = np.zeros(5000, dtype=int)
        for ids, _ in chunks:
            counts += np.bincount(ids % 5000, minlength=5000)
        return counts
    """,
    "a_set_of_few": """
        seen = set()
        for ids, _ in chunks:
            seen.update(np.unique(ids % 100).tolist())
        return seen
    """,
    "first_only": "return next(chunks)[0]",
    "map": "return max(map(lambda chunk: float(chunk[1].max()), chunks))",
}
HOARDING: Final = {
    "list": "return sum(float(vectors.sum()) for _, vectors in list(chunks))",
    "star": """
        parts = [*chunks]
        return len(parts)
    """,
    "append": """
        parts = []
        for chunk in chunks:
            parts.append(chunk)
        return np.concatenate([vectors for _, vectors in parts]).sum()
    """,
    "concatenate": "return np.concatenate([vectors for _, vectors in chunks])[:k].sum()",
    "vstack_on_the_way": """
        whole = np.empty((0, 8))
        for _, vectors in chunks:
            whole = np.vstack([whole, vectors])
        return whole[:k]
    """,
    "zip": """
        ids, vectors = zip(*chunks)
        return np.sort(np.concatenate(ids))[:k]
    """,
    "tee": """
        import itertools

        one, two = itertools.tee(chunks)
        return sum(len(ids) for ids, _ in one) / sum(float(v.sum()) for _, v in two)
    """,
    "sorted": "return sorted(chunks, key=lambda chunk: int(chunk[0][0]))[0][0]",
    "views": """
        best = []
        for _, vectors in chunks:
            best.append(vectors[:k])
        return np.concatenate(best)
    """,
    "dict": """
        by_first = {}
        for ids, vectors in chunks:
            by_first[int(ids[0])] = vectors
        return len(by_first)
    """,
    "numbers": """
        values = []
        for _, vectors in chunks:
            values.extend(vectors[:, 0].tolist())
        return sorted(values)[:k]
    """,
    "copies": """
        parts = []
        for _, vectors in chunks:
            parts.append(vectors.copy())
        return parts[0][:k]
    """,
    "deque": """
        from collections import deque

        return deque(chunks).pop()[0]
    """,
    "eight_at_a_time": """
        import itertools

        total = 0.0
        while part := list(itertools.islice(chunks, 8)):
            total += np.concatenate([vectors for _, vectors in part]).sum()
        return total
    """,
    "closures": """
        later = []
        for _, vectors in chunks:
            later.append(lambda vectors=vectors: vectors.sum())
        return sum(each() for each in later)
    """,
}
