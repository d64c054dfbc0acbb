import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import close, gradient_sequences, gradients, number, numbers, points, require

from . import reference as answer
from .problems import ADAM, SGD, weights
from .runs import Run, first_step, follow

NEAR = {"rtol": 1e-6, "atol": 1e-9}

FEW_NUMBERS = 6

STARTS = (0.0,), (1.0, -2.0, 0.5), (1e3, -1e-3, 0.0)


def rate(solution, *args):
    """Return a learning rate, and how the call is written."""
    call = f"warmup_cosine({', '.join(map(str, args))})"
    return number(solution.warmup_cosine(*args), call), call


@points(1)
def test_sgd_step_goes_against_the_gradient(solution):
    """sgd_step subtracts lr times the gradient in the first step, whatever the momentum

    The first velocity is the gradient itself: nothing is averaged, and nothing is missing yet.
    """
    w, g = np.array([1.0, -2.0]), np.array([0.5, 4.0])
    for options in ({"lr": 0.1}, {"lr": 0.1, "momentum": 0.9}, {"lr": 0.1, "momentum": 0.25}):
        got, call = first_step(solution, "sgd_step", w, g, **options)
        close(got, [0.95, -2.4], call, **NEAR)
    got, call = first_step(solution, "sgd_step", w, g, lr=0.1, momentum=0.9, nesterov=True)
    close(got, [0.905, -2.76], call, **NEAR)


@points(1)
def test_sgd_step_gathers_speed(solution):
    """sgd_step keeps a velocity: momentum times the last one, plus the gradient

    With the same gradient again and again and momentum 0.5, steps are 1, 1.5 and 1.75 times the first. Which factor
    does the new gradient have, and which velocity does each step go by?
    """
    ones = np.ones(2)
    for grads in ([ones] * 4, [ones, -ones, 3 * ones, 0.5 * ones]):
        for momentum in (0.5, 0.9):
            follow(solution, "sgd_step", np.zeros(2), grads, lr=0.5, momentum=momentum)


@points(1)
def test_sgd_step_nesterov_looks_ahead(solution):
    """sgd_step with nesterov goes by the gradient plus momentum times the new velocity

    First the velocity is brought up to date, then it is used. With momentum 0 nothing is left of it but the gradient.
    """
    ones = np.ones(2)
    for grads in ([ones] * 4, [ones, -ones, 3 * ones, 0.5 * ones]):
        for momentum in (0.5, 0.9, 0.0):
            follow(solution, "sgd_step", np.zeros(2), grads, lr=0.5, momentum=momentum, nesterov=True)


@points(2)
@given(grads=gradient_sequences(dressed=False), start=st.sampled_from(STARTS), options=st.sampled_from(SGD))
@settings(max_examples=24)
def test_sgd_step_follows_the_path(solution, grads, start, options):
    """sgd_step is right along whole runs of 1 to 60 steps, with and without momentum and nesterov

    If single steps are right and this is not: what does the state hold, and when is it brought up to date?
    """
    follow(solution, "sgd_step", weights(grads[0].shape, start), grads, **options)


@points(1)
def test_adam_step_begins_with_steps_of_lr(solution):
    """adam_step moves each weight by about lr in the first step, against the sign of its gradient

    After one step the corrected moments are the gradient and its square, whatever beta1 and beta2 are. So the size of
    the gradient cancels, unless eps is of its size.
    """
    w, g = np.array([1.0, -2.0, 0.5]), np.array([0.5, 400.0, -1e-3])
    for options in ({}, {"beta1": 0.5, "beta2": 0.9}, {"beta1": 0.0, "beta2": 0.0}):
        got, call = first_step(solution, "adam_step", w, g, lr=0.1, **options)
        close(got, [0.9, -2.1, 0.6], call, rtol=0, atol=2e-6)
    got, call = first_step(solution, "adam_step", w, g)
    close(got, w - 1e-3 * np.sign(g), f"{call}, where lr is 0.001 by default", rtol=0, atol=2e-8)


@points(2)
def test_adam_step_corrects_both_moments(solution):
    """adam_step divides the moments by 1 - beta1^t and 1 - beta2^t, with t = 1, 2, 3 …

    With the same gradient in every step both corrected moments stay what they were, and all steps are equally long.
    The first step alone does not tell t from 1. And is it the plain moment that the next step starts from?
    """
    run = Run.begin(solution, "adam_step", np.zeros(2), "with the same gradient in every step", lr=0.1)
    for _ in range(5):
        run = run.after(np.array([1.0, -0.25]))
    grads = [np.array([1.0, -0.25]), np.array([-2.0, 0.5]), np.array([0.5, 1.0]), np.array([1.0, -1.0])]
    for options in ({"lr": 0.1}, {"lr": 0.1, "beta1": 0.5, "beta2": 0.75}):
        follow(solution, "adam_step", np.zeros(2), grads, **options)


@points(1)
def test_adam_step_averages_gradients_and_squares(solution):
    """adam_step keeps an average of the gradients by beta1 and one of their squares by beta2

    With beta1 = 0 the first moment is the gradient alone, with beta2 = 0 the second its square alone. Is either beta
    in the place of the other?
    """
    grads = [np.array([1.0, -0.25]), np.array([-2.0, 0.5]), np.array([0.5, 1.0])]
    for beta1, beta2 in ((0.0, 0.9), (0.9, 0.0), (0.0, 0.0), (0.25, 0.75), (0.75, 0.25)):
        follow(solution, "adam_step", np.array([1.0, 2.0]), grads, lr=0.1, beta1=beta1, beta2=beta2)


@points(2)
def test_adam_step_adds_eps_to_the_root(solution):
    """adam_step adds eps to the root of the corrected second moment

    Nobody sees where eps stands as long as gradients are large. With a gradient as small as eps the first step is
    half as long; with eps = 1 and a gradient of 1, too. Is eps in the root? Is the moment beside it the corrected
    one?
    """
    for size, eps in ((1e-8, 1e-8), (1.0, 1.0), (1e-3, 1e-3)):
        w, g = np.zeros(2), np.array([size, -size])
        got, call = first_step(solution, "adam_step", w, g, lr=0.1, eps=eps)
        close(got, [-0.05, 0.05], call, **NEAR)
        follow(solution, "adam_step", w, [g, g / 2, -2 * g], lr=0.1, eps=eps)
    follow(solution, "adam_step", np.zeros(2), [np.array([1e-8, 1e-7])] * 3, lr=0.1)


@points(2)
def test_adam_step_decays_apart_from_the_gradient(solution):
    """adam_step subtracts lr times weight_decay times w, from the w before the step

    The decay is no part of the gradient: where that is zero, a weight shrinks by the factor 1 - lr * weight_decay
    exactly, and elsewhere the step of the gradient comes on top. Which sign has it, is lr in it, and which w?
    """
    w, zero = np.array([1.0, -2.0, 0.5]), np.zeros(3)
    got, call = first_step(solution, "adam_step", w, zero, lr=0.1, weight_decay=0.5)
    close(got, 0.95 * w, call, **NEAR)
    got, call = first_step(solution, "adam_step", w, np.array([0.5, 4.0, -1.0]), lr=0.1, weight_decay=0.5)
    close(got, [0.85, -2.0, 0.575], call, rtol=0, atol=1e-6)
    grads = [np.array([0.5, 4.0, 0.0]), np.array([-1.0, 2.0, 0.0]), np.array([0.25, -2.0, 0.0])]
    for decay in (0.01, 0.5, 5):
        follow(solution, "adam_step", w, grads, lr=0.1, weight_decay=decay)


@points(2)
@given(grads=gradient_sequences(dressed=False), start=st.sampled_from(STARTS), options=st.sampled_from(ADAM))
@settings(max_examples=24)
def test_adam_step_follows_the_path(solution, grads, start, options):
    """adam_step is right along whole runs of 1 to 60 steps, for gradients of any size

    If single steps are right and this is not: what does the state hold, and when is it brought up to date?
    """
    follow(solution, "adam_step", weights(grads[0].shape, start), grads, **options)


def clipped(solution, grads, max_norm, note=""):
    """Clip with the solution, and compare array by array."""
    few = sum(grad.size for grad in grads) <= FEW_NUMBERS
    written = f"[{', '.join(str(grad.tolist()) for grad in grads)}]" if few else "grads"
    call = f"clip_by_global_norm({written}, {max_norm})" + (f", {note}" if note else "")
    got = solution.clip_by_global_norm(grads, max_norm)
    require(
        isinstance(got, list | tuple | np.ndarray) and len(got) == len(grads),
        f"{call} must return a list of {len(grads)} arrays, as many as it was given",
    )
    for place, (mine, right) in enumerate(zip(got, answer.clip_by_global_norm(grads, max_norm), strict=True)):
        close(mine, right, f"array {place} of {call}", inputs=grads, rtol=1e-6, atol=1e-15)
    return [numbers(mine, call) for mine in got]


@points(2)
def test_clip_by_global_norm_has_one_norm_for_all(solution):
    """clip_by_global_norm takes one norm over all arrays together, and scales all of them by one factor

    [3] and [[4]] have the norm 5 together: root of the sum of all squares. A norm for each array, or a limit for each
    element, would turn the direction.
    """
    three_and_four = [np.array([3.0]), np.array([[4.0]])]
    a, b = clipped(solution, three_and_four, 1.0)
    close(a, [0.6], "array 0 of clip_by_global_norm([[3], [[4]]], 1)", **NEAR)
    close(b, [[0.8]], "array 1 of clip_by_global_norm([[3], [[4]]], 1)", **NEAR)
    clipped(solution, [np.array([[2.0, -1.0], [4.0, 2.0]]), np.array([12.0])], 6.5)
    clipped(solution, [np.array([0.6]), np.array([0.6, 0.6]), np.array([-0.6])], 1)


@points(1)
def test_clip_by_global_norm_leaves_what_is_short_enough(solution):
    """clip_by_global_norm changes nothing where the norm does not exceed max_norm

    It is a limit and no normalisation: what is short stays short.
    """
    grads = [np.array([3.0]), np.array([[4.0]])]
    for max_norm in (5.000001, 6, 100.0):
        (a, b), call = clipped(solution, grads, max_norm), f"clip_by_global_norm([[3], [[4]]], {max_norm})"
        close(a, [3.0], f"array 0 of {call}", rtol=1e-9)
        close(b, [[4.0]], f"array 1 of {call}", rtol=1e-9)


@points(2)
@given(
    grads=st.lists(gradients(dressed=False), min_size=1, max_size=4),
    share=st.sampled_from((0.5, 0.999, 1.001, 2.0, 0.01)),
)
@settings(max_examples=30)
def test_clip_by_global_norm_agrees_on_any_gradients(solution, grads, share):
    """clip_by_global_norm is right for gradients of any size, with norms from 1e-8 up, and for any shapes

    What comes out has the norm max_norm, also where that is tiny: what is added to a denominator is seen there.
    """
    norm = math.sqrt(sum(float(np.sum(grad**2)) for grad in grads))
    max_norm = share * norm if norm > 0 else 1.0
    got = clipped(solution, grads, max_norm, f"where the norm is {norm:g}")
    if share < 1 and norm > 0:
        now = math.sqrt(sum(float(np.sum(each**2)) for each in got))
        close(now, max_norm, f"the norm of what clip_by_global_norm(grads, {max_norm:g}) returns", rtol=1e-6, atol=0)


@points(1)
def test_warmup_cosine_warms_up(solution):
    """warmup_cosine rises in equal steps from lr / warmup_steps to lr in the warmup

    The first step has a rate above zero already, and the last step of the warmup has the full rate. So has the first
    step after it.
    """
    for step, expected in ((0, 0.125), (1, 0.25), (2, 0.375), (3, 0.5), (4, 0.5)):
        got, call = rate(solution, step, 10, 0.5, 4)
        close(got, expected, call, **NEAR)
    for step, expected in ((0, 0.125), (3, 0.5), (4, 0.5)):
        got, call = rate(solution, step, 10, 0.5, 4, 0.1)
        close(got, expected, call, **NEAR)


@points(1)
def test_warmup_cosine_comes_down_by_half_a_cosine(solution):
    """warmup_cosine falls from lr towards lr_min by half a period of a cosine

    Half of the way is done where the steps after the warmup are half over. lr_min would be reached in the step after
    the last one. Does the cosine begin where the warmup ends?
    """
    slanted = 0.2 / math.sqrt(2)
    for step, expected in ((0, 0.5), (1, 0.3 + slanted), (2, 0.3), (3, 0.3 - slanted)):
        for warmup in (0, 3):
            got, call = rate(solution, step + warmup, 4 + warmup, 0.5, warmup, 0.1)
            close(got, expected, call, **NEAR)
    for step, expected in ((0, 2.0), (1, 1.5), (2, 0.5)):
        got, call = rate(solution, step, 3, 2.0)
        close(got, expected, call, **NEAR)


@points(2)
@given(
    total=st.integers(1, 40),
    part=st.integers(0, 40),
    where=st.sampled_from(("first", "end of the warmup", "after the warmup", "last", "any")),
    number_of_step=st.integers(0, 39),
    lr=st.sampled_from((0.1, 1, 1e-4, 3.0)),
    low=st.sampled_from((0.0, 0.1, 1.0)),
)
@settings(max_examples=30)
def test_warmup_cosine_agrees_everywhere(solution, total, part, where, number_of_step, lr, low):
    """warmup_cosine is right for every step of schedules of any length

    Look at the first step, the last of the warmup, the one after it, and the last of all.
    """
    warmup = part % total
    step = {"first": 0, "end of the warmup": max(warmup - 1, 0), "after the warmup": warmup, "last": total - 1}.get(
        where, number_of_step % total
    )
    got, call = rate(solution, step, total, lr, warmup, low * lr)
    close(got, answer.warmup_cosine(step, total, lr, warmup, low * lr), call, **NEAR)
