"""Answers that are no plain numbers: alerts, reports and responses, compared by value."""

import numpy as np

from pytest_mlkata.checks import close, numbers, require

from . import reference as answer

NEAR = {"rtol": 1e-6, "atol": 1e-6}


def assert_alerts(solution, expected, reference, rows, window, step, note="", **options):
    """Require a list of alerts, whatever its pairs are made of."""
    named = "".join(f", {name}={value}" for name, value in options.items())
    call = f"rolling_alerts(reference, rows, {window}, {step}{named})" + (f", {note}" if note else "")
    got = solution.rolling_alerts(reference, rows, window, step, **options)
    require(got is not None, f"{call} must return a list of (end, feature), got None")
    found = numbers(got, call)
    pairs = found.reshape(0, 2) if not found.size else found
    wanted = [(int(end), int(feature)) for end, feature in expected]
    require(
        pairs.ndim == 2 and pairs.shape[1] == 2 and [*map(tuple, pairs.tolist())] == wanted,
        f"{call}: expected {wanted}, got {plain(found)}",
    )


def plain(found):
    """Write numbers as pairs of whole ones, where that is what they are."""
    if found.ndim == 2 and np.isfinite(found).all() and (found % 1 == 0).all():
        return [tuple(map(int, each)) for each in found]
    return found.tolist()


MEASURES = ("psi", "ks", "missing")


def measures_of(report, call):
    """Read a report: its three measures, by name."""
    require(isinstance(report, dict), f"{call} must return a dict, got {report!r:.80}")
    for name in MEASURES:
        require(name in report, f'{call} must have the key "{name}", it has {[*report]}')
    return {name: report[name] for name in MEASURES}


def response(solution, expected, psi, missing=(0.0, 0.0), *, changed=False, drop=0.0):
    """Require one answer of respond."""
    psi, missing = np.asarray(psi), np.asarray(missing)  # arrays keep the form that they have
    call = f"respond({psi.tolist()}, {missing.tolist()}, {changed}, {drop})"
    got = solution.respond(psi, missing, changed, drop)
    require(got == expected, f'{call}: expected "{expected}", got {got!r}')


def agrees_on_report(solution, case):
    """Compare a report with the right one, measure by measure."""
    call = f"drift_report(reference, window), {case.edge}"
    got = measures_of(solution.drift_report(case.reference, case.rows), call)
    for name, right in answer.drift_report(case.reference, case.rows).items():
        close(got[name], right, f'"{name}" of {call}', inputs=(case.reference,), **NEAR)


def agrees_on_alerts(solution, case):
    """Compare alerts with the right ones."""
    options = {"threshold": case.threshold, "patience": case.patience}
    arguments = (case.reference, case.rows, case.window, case.step)
    right = answer.rolling_alerts(*arguments, **options)
    assert_alerts(solution, right, *arguments, note=case.edge, **options)
