import numpy as np

from pytest_mlkata.checks import points, require

from .problems import wide

SHARE = 0.4
"""Of a table of all differences, so much may be held: less than any such table takes, float32 included."""


@points(2)
def test_assign_holds_no_table_of_differences(solution):
    """assign needs memory for points times centres, and not for all of their features once more

    Broadcasting to (n, k, d) holds every difference at a time, and a sum over d comes too late. Go centre by centre, or
    write the square of a difference out: what is left is a matrix product.
    """
    X, centers = wide()
    solution.measure_memory("assign", X[:10], centers)  # warm up: imports take memory once
    held = solution.measure_memory("assign", X, centers).bytes
    (n, d), k = X.shape, len(centers)
    table = n * k * d * np.dtype(float).itemsize
    mine, allowed, whole = (f"{size / 1e6:.0f} MB" for size in (held, SHARE * table, table))
    require(
        held <= SHARE * table,
        f"assign holds {mine} for {n} points, {k} centres and {d} features, where {allowed} are allowed; a "
        f"table of all differences takes {whole}",
    )
