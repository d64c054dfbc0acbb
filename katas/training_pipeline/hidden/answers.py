"""Answers that need no pyarrow: the checks can be read, and counted, where it is not installed."""

import math
from collections import Counter
from fractions import Fraction


def cohens_kappa(a, b):
    """Agreement beyond chance, in exact fractions."""
    a, b = list(a), list(b)
    rates, others = Counter(a), Counter(b)
    agreed = Fraction(sum(x == y for x, y in zip(a, b, strict=True)), len(a))
    chance = Fraction(sum(rates[label] * others[label] for label in rates), len(a) ** 2)
    return float("nan") if chance == 1 else float((agreed - chance) / (1 - chance))


def label_drift(reference, current):
    """The population stability index of two counts of labels."""
    totals = sum(reference.values()), sum(current.values())
    shares = [
        [max(counts.get(label, 0) / total, 1e-4) for counts, total in zip((reference, current), totals, strict=True)]
        for label in {*reference, *current}
    ]
    return math.fsum((now - before) * math.log(now / before) for before, now in shares)
