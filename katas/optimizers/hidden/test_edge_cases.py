import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    close,
    every_array_dress,
    gradient_sequences,
    gradients,
    number,
    numbers,
    pair,
    points,
    raises,
)

from . import reference as answer
from .problems import ADAM, OUTSIDE, SGD, TOO_LOW, TURNED, G, W, bad_gradients, bad_steps, forms, weights
from .runs import Run, first_step, follow
from .test_correctness import clipped

SWIFT = {"lr": 0.1, "momentum": 0.9}
"""Options of sgd_step by which every step depends on those before it."""
DECAYING = {"lr": 0.1, "weight_decay": 0.1}


def in_turns(solution, name, options):
    """Train several parameters in turns, of equal and of other shapes."""
    starts = {"first": W, "second, of the same shape": W + 1, "third, of another shape": W[0], "one number": W[1, 1]}
    runs = {
        which: Run.begin(solution, name, np.array(w), f"parameter {which}", **options) for which, w in starts.items()
    }
    for grad in (*TURNED, G):
        for which, run in runs.items():
            runs[which] = run.after(np.resize(grad + (0.5 if which.startswith("second") else 0), run.w.shape))
    follow(solution, name, W, TURNED, "a new run after others", **options)


def resumed(solution, name, options):
    """Go on from a state that was kept, more than once, after the run has gone on from it already."""
    run = Run.begin(solution, name, W, **options)
    again = "the second time from the same state"
    for grad in TURNED:
        ahead = run.after(grad)
        for other in (grad, -grad):
            run.note = again
            run.after(other).after(grad)
        run = ahead
        run.note = "after others have started from the state before"


@points(2)
@given(
    grads=gradient_sequences(max_steps=10), start=st.sampled_from(((0.0,), (1.0, -2.0))), options=st.sampled_from(SGD)
)
@settings(max_examples=20)
def test_sgd_step_takes_any_gradients(solution, grads, start, options):
    """sgd_step is right for float32, slices and read-only arrays, for single numbers and for zero gradients

    The counterexample says what is special. Is anything written into an array that is not yours?
    """
    follow(solution, "sgd_step", weights(grads[0].shape, start), grads, **options)


@points(1)
def test_sgd_step_takes_input_of_any_form(solution):
    """sgd_step takes arrays of any shape and form and weights of integers, leaves them as they are, and returns floats

    The line above says which form it was. What does your result look like where w came in as integers?
    """
    for note, w, grad in forms():
        follow(solution, "sgd_step", w, [grad, grad, -grad], note, **SWIFT)


@points(2)
def test_sgd_step_keeps_runs_apart(solution):
    """sgd_step keeps everything in the state: parameters trained in turns do not meet, and None begins anew

    What is kept in a global variable, or by the shape of the weights, belongs to whoever comes next.
    """
    in_turns(solution, "sgd_step", SWIFT)


@points(2)
def test_sgd_step_leaves_the_state_alone(solution):
    """sgd_step does not change the state that it is given: a step from the same state twice gives the same

    Whoever keeps a state wants to go on from it later. Does velocity *= … make a new array?
    """
    resumed(solution, "sgd_step", SWIFT)
    resumed(solution, "sgd_step", {**SWIFT, "nesterov": True})


def refuses_steps(step, state, note):
    """Require that a step refuses what both kinds of step refuse, with a state of a good step or none."""
    for what, w, grad in bad_steps():
        raises(ValueError, step, w, grad, state if w.shape == W.shape else None, 0.1, because=what + note)
    for lr in TOO_LOW:
        raises(ValueError, step, W, G, state, lr, because=f"lr = {lr}{note}")


@points(1)
def test_sgd_step_refuses_bad_input(solution):
    """sgd_step raises ValueError for lr <= 0, momentum outside [0, 1), shapes that differ, and nan or inf in grad

    The line above says what was wrong with the input. NumPy broadcasts one gradient over many weights without a word.
    Look before you compute, and in every step.
    """
    first = pair(
        solution.call_keeping(1, "sgd_step", W, G, None, 0.1, momentum=0.5),
        "sgd_step(w, grad, None, 0.1, momentum=0.5)",
        "w, state",
    )
    for state, note in ((None, ""), (first[1], ", in the second step")):
        refuses_steps(solution.sgd_step, state, note)
        for momentum in OUTSIDE:
            raises(ValueError, solution.sgd_step, W, G, state, 0.1, momentum, because=f"momentum = {momentum}{note}")


@points(2)
@given(
    grads=gradient_sequences(max_steps=10), start=st.sampled_from(((0.0,), (1.0, -2.0))), options=st.sampled_from(ADAM)
)
@settings(max_examples=20)
def test_adam_step_takes_any_gradients(solution, grads, start, options):
    """adam_step is right for float32, slices and read-only arrays, for single numbers and for zero gradients

    The counterexample says what is special. Is anything written into an array that is not yours?
    """
    follow(solution, "adam_step", weights(grads[0].shape, start), grads, **options)


@points(1)
def test_adam_step_takes_input_of_any_form(solution):
    """adam_step takes arrays of any shape and form and weights of integers, leaves them as they are, and returns floats

    The line above says which form it was. What does your result look like where w came in as integers?
    """
    for note, w, grad in forms():
        follow(solution, "adam_step", w, [grad, grad, -grad], note, **DECAYING)


@points(1)
def test_adam_step_does_not_move_without_a_gradient(solution):
    """adam_step does not move a weight whose gradient has always been zero

    Both moments are zero there. What keeps 0 / 0 away, and which gradient could get in from elsewhere?
    """
    w = np.array([1.0, -2.0, 0.5])
    for grad in (np.array([0.5, 0.0, -1.0]), np.zeros(3)):
        still = grad == 0
        got, call = first_step(solution, "adam_step", w, grad, lr=0.1)
        close(numbers(got, call, (3,))[still], w[still], f"{call}, where the gradient is zero", rtol=0, atol=1e-12)
        follow(solution, "adam_step", w, [grad] * 3, lr=0.1)


@points(2)
def test_adam_step_keeps_runs_apart(solution):
    """adam_step keeps everything in the state: parameters trained in turns do not meet, and None begins anew

    The moments and the number of steps belong to one parameter. What is kept in a global variable, or by the shape of
    the weights, belongs to whoever comes next.
    """
    in_turns(solution, "adam_step", DECAYING)


@points(2)
def test_adam_step_leaves_the_state_alone(solution):
    """adam_step does not change the state that it is given: a step from the same state twice gives the same

    Whoever keeps a state wants to go on from it later. Does m *= … make a new array, and t += 1 a new object?
    """
    resumed(solution, "adam_step", DECAYING)


@points(1)
def test_adam_step_refuses_bad_input(solution):
    """adam_step raises ValueError for lr <= 0, a beta outside [0, 1), shapes that differ, and nan or inf in grad

    The line above says what was wrong with the input. NumPy broadcasts one gradient over many weights without a word.
    Look before you compute, and in every step.
    """
    first = pair(solution.call_keeping(1, "adam_step", W, G, None, 0.1), "adam_step(w, grad, None, 0.1)", "w, state")
    for state, note in ((None, ""), (first[1], ", in the second step")):
        refuses_steps(solution.adam_step, state, note)
        for name in ("beta1", "beta2"):
            for beta in OUTSIDE:
                raises(ValueError, solution.adam_step, W, G, state, **{name: beta}, because=f"{name} = {beta}{note}")


@points(1)
@given(grads=st.lists(gradients(), min_size=1, max_size=4), max_norm=st.sampled_from((1e-8, 1.0, 1e3, 2)))
@settings(max_examples=24)
def test_clip_by_global_norm_takes_any_gradients(solution, grads, max_norm):
    """clip_by_global_norm takes float32, slices, read-only arrays and single numbers, and leaves them as they are

    Is anything written into an array that is not yours? An array of shape () has no axis to go along.
    """
    clipped(solution, grads, max_norm)


@points(1)
def test_clip_by_global_norm_takes_input_of_any_form(solution):
    """clip_by_global_norm takes one array or several, of any shapes and forms, and returns them in theirs

    The line above says which form it was. Which step of yours needs arrays of one length, or of one axis?
    """
    for how, grad in every_array_dress(G):
        clipped(solution, [G[0], grad, np.array(2.0)], 1.5, f"array 1 {how}")
    for shape in ((), (1,), (4,), (2, 3), (1, 1), (2, 1, 2)):
        clipped(solution, [np.resize(G, shape)], 0.25, f"one array of shape {shape}")
        clipped(solution, [np.resize(G, shape)] * 2 + [G], 0.25, f"two arrays of shape {shape}, and another")


@points(1)
def test_clip_by_global_norm_of_zeros(solution):
    """clip_by_global_norm leaves gradients that are all zero

    Their norm is zero. Is anything divided by it?
    """
    for grads in ([np.zeros(3)], [np.zeros((2, 2)), np.array(0.0)], [np.zeros(2), np.zeros(2)]):
        for max_norm in (1.0, 1e-8):
            for place, got in enumerate(clipped(solution, grads, max_norm, "all zero")):
                close(got, np.zeros(grads[place].shape), f"array {place} of clip_by_global_norm(zeros, {max_norm})")
    clipped(solution, [np.zeros(3), np.array([3.0, 4.0])], 1.0, "one array all zero")


@points(1)
def test_clip_by_global_norm_refuses_bad_input(solution):
    """clip_by_global_norm raises ValueError for max_norm <= 0, and for nan or inf in any of the arrays

    The line above says what was wrong with the input. A comparison with nan is false, so that nothing is clipped, and
    inf divided by inf is nan.
    """
    solution.clip_by_global_norm([G[0], G], 1.0)  # a refusal must not be a matter of the first call
    for max_norm in TOO_LOW:
        raises(ValueError, solution.clip_by_global_norm, [G[0], G], max_norm, because=f"max_norm = {max_norm}")
        raises(ValueError, solution.clip_by_global_norm, [np.zeros(2)], max_norm, because=f"max_norm = {max_norm}")
    for what, grad in bad_gradients():
        for max_norm in (1.0, 1e6):
            for place, grads in enumerate(([grad, G[0]], [G[0], grad], [grad])):
                said = f"{what} (array {place % 2} of {len(grads)})"
                raises(ValueError, solution.clip_by_global_norm, grads, max_norm, because=said)


@points(2)
def test_warmup_cosine_is_right_at_the_boundaries(solution):
    """warmup_cosine is right without a warmup, with a warmup of all steps but one, and for a single step

    Without a warmup there is nothing to divide by, and the first rate is lr. After a warmup of all steps but one the
    last rate is lr, too.
    """
    for total, warmup in ((1, 0), (2, 0), (2, 1), (5, 4), (10, 9), (10, 1), (1000, 0), (1000, 100)):
        for low in (0.0, 0.25):
            for step in sorted({0, 1, warmup - 1, warmup, warmup + 1, total - 1} & set(range(total))):
                call = f"warmup_cosine({step}, {total}, 0.5, {warmup}, {low})"
                got = number(solution.warmup_cosine(step, total, 0.5, warmup, low), call)
                close(got, answer.warmup_cosine(step, total, 0.5, warmup, low), call, rtol=1e-6)


@points(1)
def test_warmup_cosine_takes_numbers_of_any_kind(solution):
    """warmup_cosine takes steps that are NumPy's integers, rates that are integers, and arguments by name

    The defaults are no warmup, and a rate that falls towards zero.
    """
    for kind in (np.int64, np.int32):
        for step in (0, 1, 2, 3, 7):
            call = f"warmup_cosine(np.{kind.__name__}({step}), 8, 1, 3)"
            got = number(solution.warmup_cosine(kind(step), 8, 1, 3), call)
            close(got, answer.warmup_cosine(step, 8, 1, 3), call, rtol=1e-6)
    for step in (0, 3):
        call = f"warmup_cosine(step={step}, total_steps=4, lr=0.5)"
        got = number(solution.warmup_cosine(step=step, total_steps=4, lr=0.5), call)
        close(got, answer.warmup_cosine(step, 4, 0.5), call, rtol=1e-6)
    call = "warmup_cosine(3, 8, 2, lr_min=1, warmup_steps=2)"
    got = number(solution.warmup_cosine(3, 8, 2, lr_min=1, warmup_steps=2), call)
    close(got, answer.warmup_cosine(3, 8, 2, 2, 1), call, rtol=1e-6)


@points(1)
def test_warmup_cosine_refuses_bad_input(solution):
    """warmup_cosine raises ValueError for lr <= 0, in the warmup and after it

    The line above says what was wrong with the input. A schedule without a rate trains nothing.
    """
    solution.warmup_cosine(2, 10, 0.5, 4)  # a refusal must not be a matter of the first call
    for lr in TOO_LOW:
        for step, warmup in ((0, 4), (3, 4), (4, 4), (9, 4), (0, 0)):
            raises(ValueError, solution.warmup_cosine, step, 10, lr, warmup, because=f"lr = {lr}")
