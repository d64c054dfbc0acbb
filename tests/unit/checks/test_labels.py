from __future__ import annotations

import numpy as np
import pytest
from drawing import assert_every_edge_is_met, examples, smallest

from pytest_mlkata.checks import CLASS_DTYPES, LAYOUTS, LabelPairs, label_pairs
from pytest_mlkata.checks.data.labels import AGREEMENTS, CLASSES


def classes(pairs: LabelPairs) -> tuple[set[int], set[int]]:
    return set(pairs.y_true.tolist()), set(pairs.y_pred.tolist())


def test_every_edge_is_met_within_sixty_draws() -> None:
    assert_every_edge_is_met(label_pairs(), (*CLASSES, *AGREEMENTS, *LAYOUTS))


def test_labels_keep_the_contract() -> None:
    drawn = examples(label_pairs(), 500)
    for pairs in drawn:
        assert pairs.y_true.shape == pairs.y_pred.shape == (len(pairs.y_true),)
        assert 1 <= len(pairs.y_true) <= 9
        both = np.concatenate([pairs.y_true.astype(np.int64), pairs.y_pred.astype(np.int64)])
        assert set(both.tolist()) <= set(CLASSES[pairs.edge.split("; ")[0]])
        np.testing.assert_array_equal(both, np.concatenate([pairs.y_true, pairs.y_pred]))
        assert pairs.inputs == pairs.arguments
    dtypes = {(pairs.y_true.dtype.name, pairs.y_pred.dtype.name) for pairs in drawn}
    assert {name for names in dtypes for name in names} == set(CLASS_DTYPES)
    assert any(first != second for first, second in dtypes)


def test_an_edge_is_what_it_is_called() -> None:
    for pairs in examples(label_pairs(), 500):
        true, pred = classes(pairs)
        right = pairs.y_true == pairs.y_pred
        assert {
            "any labels": True,
            "class only in y_true": true - pred,
            "class only in y_pred": pred - true,
            "no class in both": not true & pred,
            "one sample": len(pairs.y_true) == 1,
            "one class": len(true | pred) == 1,
            "constant prediction": len(pred) == 1,
            "all right": right.all(),
            "all wrong": not right.any(),
        }[pairs.edge.split("; ")[1]], pairs


def test_options_narrow_what_is_drawn() -> None:
    for pairs in examples(label_pairs(dressed=False, max_samples=3), 100):
        assert pairs.y_true.dtype == pairs.y_pred.dtype == np.int64
        assert len(pairs.y_true) <= 3
        assert all(array.flags.c_contiguous and array.flags.writeable for array in pairs.arguments)
    for pairs in examples(label_pairs(dtypes=("int16",)), 100):
        huge = pairs.edge.startswith("huge")
        assert pairs.y_true.dtype == (np.int64 if huge else np.int16)
    with pytest.raises(ValueError, match="max_samples must be at least 2, got 1"):
        label_pairs(max_samples=1)


def test_a_counterexample_is_small() -> None:
    anything = smallest(label_pairs(), lambda _: True)
    assert (anything.y_true.tolist(), anything.y_pred.tolist()) == ([0, 0], [0, 0])
    assert anything.y_true.dtype == anything.y_pred.dtype == np.int64
    gone = smallest(label_pairs(), lambda pairs: bool(classes(pairs)[0] - classes(pairs)[1]))
    assert (gone.y_true.tolist(), gone.y_pred.tolist()) == ([1, 0], [0, 0])
    three = smallest(label_pairs(), lambda pairs: len(set.union(*classes(pairs))) == 3)
    assert len(three.y_true) <= 3
    assert set.union(*classes(three)) == {0, 1, 2}
    gap = smallest(label_pairs(), lambda pairs: max(set.union(*classes(pairs))) == 100)
    assert len(gap.y_true) == 2
