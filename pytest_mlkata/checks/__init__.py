"""What a kata's author imports: points, comparisons, strategies and efficiency checks. A public, stable API."""

from pytest_mlkata.checks.calls import assert_agrees, assert_derivative, finite_differences, raises
from pytest_mlkata.checks.chance import assert_gaussian, assert_share
from pytest_mlkata.checks.close import close, finite, has_shape, number, numbers, pair, require, within
from pytest_mlkata.checks.data.arrays import gradient_sequences, gradients, sample_weights, times
from pytest_mlkata.checks.data.labels import LabelPairs, label_pairs
from pytest_mlkata.checks.data.points import PointCloud, point_clouds
from pytest_mlkata.checks.data.problems import BinaryProblem, binary_problems
from pytest_mlkata.checks.data.samples import Windows, windows
from pytest_mlkata.checks.data.scores import BinaryScores, binary_scores
from pytest_mlkata.checks.dress import (
    CLASS_DTYPES,
    LABEL_DTYPES,
    LAYOUTS,
    dressed,
    dressed_labels,
    every_array_dress,
    every_label_dress,
    laid_out,
)
from pytest_mlkata.checks.efficiency import assert_fast, assert_growth, assert_vectorized
from pytest_mlkata.checks.invariants import (
    assert_follows_order,
    assert_unchanged_by,
    assert_unchanged_by_duplication,
    assert_unchanged_by_increasing,
    assert_unchanged_by_order,
    assert_unchanged_by_relabelling,
    assert_unchanged_by_scaling,
)
from pytest_mlkata.checks.marks import points
from pytest_mlkata.checks.memory import assert_memory, assert_streamed
from pytest_mlkata.checks.refusals import assert_refuses, bad_binary_scores, with_bad
from pytest_mlkata.solution.proxy import Made, Stream, listed

__all__ = [
    "CLASS_DTYPES",
    "LABEL_DTYPES",
    "LAYOUTS",
    "BinaryProblem",
    "BinaryScores",
    "LabelPairs",
    "Made",
    "PointCloud",
    "Stream",
    "Windows",
    "assert_agrees",
    "assert_derivative",
    "assert_fast",
    "assert_follows_order",
    "assert_gaussian",
    "assert_growth",
    "assert_memory",
    "assert_refuses",
    "assert_share",
    "assert_streamed",
    "assert_unchanged_by",
    "assert_unchanged_by_duplication",
    "assert_unchanged_by_increasing",
    "assert_unchanged_by_order",
    "assert_unchanged_by_relabelling",
    "assert_unchanged_by_scaling",
    "assert_vectorized",
    "bad_binary_scores",
    "binary_problems",
    "binary_scores",
    "close",
    "dressed",
    "dressed_labels",
    "every_array_dress",
    "every_label_dress",
    "finite",
    "finite_differences",
    "gradient_sequences",
    "gradients",
    "has_shape",
    "label_pairs",
    "laid_out",
    "listed",
    "number",
    "numbers",
    "pair",
    "point_clouds",
    "points",
    "raises",
    "require",
    "sample_weights",
    "times",
    "windows",
    "with_bad",
    "within",
]
