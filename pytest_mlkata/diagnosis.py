"""Decides whether a solution behaves like a known mistake: pure functions over the answers to the same requests.

Nothing is named unless the mistake gives the answers of the solution wherever these are wrong, is right wherever they
are right, and there are enough wrong ones. What a contract leaves free differs between solutions, so most mistakes drop
out early; a mistake that is named although it is another one would cost more than one that is not named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import numpy as np

from pytest_mlkata.checks.close import has_few_digits
from pytest_mlkata.kata.mistakes import KnownMistake
from pytest_mlkata.model import Mistake
from pytest_mlkata.solution.handle import Handle
from pytest_mlkata.solution.tape import Answer

ENOUGH: Final = 3
"""On so many different inputs, of all functions together, must the solution be wrong in the way of the mistake."""

_SAME: Final = 1e-9
_OTHER: Final = 1e-7
_FEW_SAME: Final = 1e-4
_FEW_OTHER: Final = 1e-2
_LARGEST: Final = np.iinfo(np.int64).max


class Likeness(Enum):
    """How one answer compares with another."""

    SAME = "same"
    UNSURE = "unsure"
    """Rounding may explain the difference, or may not."""
    OTHER = "other"


@dataclass(frozen=True)
class Observed:
    """What a solution answered to one request, and what the reference did.

    Attributes
    ----------
    input
        Tells different requests apart.
    """

    input: bytes
    mine: Answer
    right: Answer

    @property
    def likeness(self) -> Likeness:
        """How the solution's answer compares with the right one."""
        return compare(self.mine, self.right, self.right)


def compare(mine: Answer, other: Answer, right: Answer) -> Likeness:
    """Compare two answers to a request.

    Parameters
    ----------
    mine, other
        The answers.
    right
        The right one. Where that is to raise, whatever a solution returns instead is of no account.

    Returns
    -------
    Likeness
        How alike they are.
    """
    if right.raised:
        return _plainly(_refusal(mine, right) == _refusal(other, right))
    if mine.raised or other.raised or mine.said or other.said:
        return _plainly((mine.raised[:1], mine.said) == (other.raised[:1], other.said))
    return alike(mine.value, other.value)


def _plainly(same: bool) -> Likeness:  # noqa: FBT001  # the comparison is all there is
    return Likeness.SAME if same else Likeness.OTHER


def _refusal(answer: Answer, right: Answer) -> str:
    """Return what became of a request that has to be refused."""
    if not answer.raised:
        return answer.said or "answered"
    return "refused" if right.raised[0] in answer.raised else answer.raised[0]


def alike(mine: Any, other: Any) -> Likeness:
    """Compare two values, whatever they are: numbers but for rounding; nan equals nan.

    Parameters
    ----------
    mine, other
        Values as they come from a solution.

    Returns
    -------
    Likeness
        How alike they are; of values with parts, how alike the least alike ones are.
    """
    if isinstance(mine, Handle) and isinstance(other, Handle):
        return Likeness.SAME
    if _is_numeric(mine) and _is_numeric(other):
        return _close(mine, other)
    parts, others = _parts(mine), _parts(other)
    if parts is None or others is None:
        return _plainly(type(mine) is type(other) and bool(mine == other))
    if parts.keys() != others.keys():
        return Likeness.OTHER
    return _worst(alike(part, others[key]) for key, part in parts.items())


def _worst(found: Iterable[Likeness]) -> Likeness:
    seen = set(found)
    for worst in (Likeness.OTHER, Likeness.UNSURE):
        if worst in seen:
            return worst
    return Likeness.SAME


def _parts(value: Any) -> Mapping[Any, Any] | None:
    """Return what a value consists of; None where it is a whole."""
    if isinstance(value, dict):
        return value
    is_array = isinstance(value, np.ndarray) and value.ndim > 0
    return dict(enumerate(value)) if isinstance(value, list | tuple) or is_array else None


def _is_numeric(value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    return isinstance(value, float | complex) or (
        isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "buifc"
    )


def _close(mine: Any, other: Any) -> Likeness:
    if np.shape(mine) != np.shape(other):
        return Likeness.OTHER
    if np.all(np.equal(mine, other)):  # mostly they are, and this is fast
        return Likeness.SAME
    few = has_few_digits(mine) or has_few_digits(other)
    same, different = (_FEW_SAME, _FEW_OTHER) if few else (_SAME, _OTHER)
    with np.errstate(all="ignore"):
        if np.allclose(mine, other, rtol=same, atol=same, equal_nan=True):
            return Likeness.SAME
        unsure = np.allclose(mine, other, rtol=different, atol=different, equal_nan=True)
    return Likeness.UNSURE if unsure else Likeness.OTHER


def differs(observed: Iterable[Observed]) -> bool:
    """Tell whether any answer of a solution is clearly another than the right one."""
    return any(each.likeness is Likeness.OTHER for each in observed)


def agreement(observed: Sequence[Observed], theirs: Iterable[Answer]) -> int | None:
    """Count the inputs on which a solution is wrong in the way of a mistake.

    Parameters
    ----------
    observed
        Answers of the solution.
    theirs
        Those of the mistake to the same requests; no more is asked of it once the two disagree.

    Returns
    -------
    int or None
        So many different inputs; None where the two disagree on any.
    """
    wrong = set()
    answers = iter(theirs)
    for each in observed:
        answer = next(answers, None)
        likeness = Likeness.OTHER if answer is None else compare(each.mine, answer, each.right)
        if likeness is Likeness.OTHER:
            return None
        if likeness is Likeness.SAME and each.likeness is Likeness.OTHER:
            wrong.add(each.input)
    return len(wrong)


def settle(agreements: Mapping[str, Mapping[KnownMistake, int]]) -> dict[str, Mistake]:
    """Choose what to name.

    Parameters
    ----------
    agreements
        For each function that is wrong the mistakes that explain it, and on how many inputs they do.

    Returns
    -------
    dict
        For each function the one mistake that explains it. Where several do, it is the one among them that alone
        explains another function, or what they have in common, if the author says what that is.
    """
    total: Counter[KnownMistake] = Counter()
    for agreeing in agreements.values():
        total.update(agreeing)
    fitting = {
        function: [known for known in agreeing if total[known] >= ENOUGH] for function, agreeing in agreements.items()
    }
    alone = {known for several in fitting.values() if len(several) == 1 for known in several}
    found = {}
    for function, several in fitting.items():
        chosen = several if len(several) == 1 else [known for known in several if known in alone]
        groups = {known.group for known in several}
        if len(chosen) == 1:
            found[function] = chosen[0].mistake
        elif len(groups) == 1 and "" not in groups:
            (group,) = groups
            found[function] = Mistake(_slug(group), group)
    return found


def _slug(text: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
