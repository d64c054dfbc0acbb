import numpy as np

from pytest_mlkata.checks import close, points, raises

X = np.array([4.0, 1.0, 7.0, 0.0, 3.0])


@points(1)
def test_moving_average_of_the_smallest_and_the_largest_window(solution):
    """moving_average gives the numbers themselves for a window of 1, and their mean for a window of all

    What is n - window + 1 in these two cases?
    """
    close(solution.moving_average(X, 1), X, "moving_average([4, 1, 7, 0, 3], 1)")
    close(solution.moving_average(X, 5), [3.0], "moving_average([4, 1, 7, 0, 3], 5)")
    close(solution.moving_average(X[:1], 1), [4.0], "moving_average([4], 1)")


@points(2)
def test_moving_average_keeps_nan_where_it_is(solution):
    """moving_average is nan for the windows that hold nan, and for no other

    What comes in must go out again when the window moves on. Take nan out of a sum: what is left?
    """
    nan = np.nan
    for place, expected in ((0, [nan, 4.0, 3.5, 1.5]), (2, [2.5, nan, nan, 1.5]), (4, [2.5, 4.0, 3.5, nan])):
        x = X.copy()
        x[place] = nan
        close(solution.moving_average(x, 2), expected, f"moving_average({x.tolist()}, 2)")


@points(1)
def test_moving_average_refuses_windows_that_do_not_fit(solution):
    """moving_average raises ValueError for a window below 1, or longer than x

    Which function of NumPy would complain by itself, and which takes the longer of two arrays for the numbers?
    """
    solution.moving_average(X, 2)  # a refusal must not be a matter of the first call
    for window in (0, -1, 6, 9):
        raises(ValueError, solution.moving_average, X, window, because=f"a window of {window} for 5 numbers")
