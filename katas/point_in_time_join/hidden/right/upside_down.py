"""sorts the latest first, and looks for the next feature below"""

import numpy as np


def point_in_time_join(entity, event_time, f_entity, f_time, f_value, max_age=None):
    _check(entity, event_time)
    _check(f_entity, f_time, f_value)
    _check_times(event_time)
    _check_times(f_time)
    if max_age is not None and max_age < 0:
        raise ValueError("max_age is negative")
    n, total = len(entity), len(entity) + len(f_entity)
    # Events first, then the feature table: reversed, the later rows come first, and behind both come the events.
    ids = np.concatenate([entity, f_entity])
    times = np.concatenate([event_time, f_time])
    down = np.lexsort((np.arange(total) < n, times, ids))[::-1]
    rank = np.arange(total)
    is_feature = down >= n
    following = np.minimum.accumulate(np.where(is_feature, rank, total)[::-1])[::-1]
    # Equal times: features have False above, so they are sorted first, and reversed they lie below the events.
    found = down[np.minimum(following, total - 1)]
    known = (following < total) & (ids[found] == ids[down])
    if max_age is not None:
        known &= times[found] >= times[down] - max_age
    answer = np.full(total, np.nan)
    answer[down[known & ~is_feature]] = f_value[found[known & ~is_feature] - n]
    return answer[:n]


def _check(*columns):
    if min(map(len, columns)) != max(map(len, columns)):
        raise ValueError("columns of different lengths")


def _check_times(times):
    if not np.isfinite(times).all():
        raise ValueError("times must be finite")


def training_serving_skew(offline, online, atol=1e-9):
    _check(offline, online)
    lost = np.isnan(offline) != np.isnan(online)
    moved = np.abs(offline - online) > atol  # False where one of them is nan
    return np.mean(lost | moved)
