"""Several effects of one study: they share people, controls or makers, so they are not so many studies.

One effect per study.  With u_i = (1 / v_i) / sum (1 / v) within the study and errors that correlate r,

    y_s = u'y,     SE_s^2 = u'Ru,     R_ij = r SE_i SE_j  (i != j),  R_ii = v_i          r = .5: two arms that share an equal control

The precision weights cannot be negative, unlike those of generalised least squares. r is assumed, and said to be.

Every effect, clustered by study.  mu of the random-effects fit with variance by cluster, bias-reduced (CR2), which assumes no r:

    V = (sum w)^-2 sum_s (w_s' A_s e_s)^2,    A_s = D (D (Phi_s - 11'/sum w) D)^-1/2 D,    Phi_s = diag(v + tau^2) = D^2,  w = 1 / (v + tau^2)

Bell & McCaffrey 2002; Tipton 2015, doi:10.1037/met0000011; Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004. Checked against clubSandwich.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.pool.between import tau2_of
from commonbeat.estimate.pool.sample import Sample
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CORRELATION = 0.5
FEWEST_DF = 4.0  # below it Satterthwaite's t is itself inexact (Tipton 2015)
NOT_INDEPENDENT = (
    "several effects of one study are not independent: counted one by one they make the interval too narrow"
)


def one_per_study(sample: Sample, correlation: float = CORRELATION) -> Sample:
    """A sample with one effect for each study, in the order of first appearance; single effects stay as they are.

    A study that stands in several groups has no group.
    """
    if not sample.repeated:
        return sample
    members: dict[str, list[int]] = {}
    for row, study in enumerate(sample.studies):
        members.setdefault(study, []).append(row)
    names, places = list(members), list(members.values())
    parts = [_average(sample.effects[rows], sample.std_errors[rows], correlation) for rows in places]
    groups = [{sample.groups[row] for row in rows} if sample.groups else set() for rows in places]
    return Sample(
        np.array([effect for effect, _ in parts]),
        np.array([std_error for _, std_error in parts]),
        tuple(sample.labels[rows[0]] if len(rows) == 1 else name for name, rows in zip(names, places, strict=True)),
        tuple(names),
        tuple(found.pop() if len(found) == 1 else "" for found in groups) if sample.groups else (),
    )


def _average(effects: Floats, std_errors: Floats, correlation: float) -> tuple[float, float]:
    weights = std_errors**-2 / np.sum(std_errors**-2)
    errors = np.where(np.eye(effects.size) > 0, 1.0, correlation) * np.outer(std_errors, std_errors)
    return float(weights @ effects), float(np.sqrt(weights @ errors @ weights))


def clustered_by_study(sample: Sample, *, level: float = 0.05) -> Estimate | None:
    """The random-effects mean of all effects with CR2 errors and Satterthwaite df; None for a single study."""
    codes = np.unique(np.array(sample.studies), return_inverse=True)[1]
    count = int(codes.max()) + 1
    if count < 2:
        return None
    v = sample.variances
    total = v + tau2_of("REML", sample.effects, v, np.ones((sample.k, 1)))
    weights = 1.0 / total
    mean = float(weights @ sample.effects / weights.sum())
    residual = sample.effects - mean
    bread = 1.0 / weights.sum()
    order = np.argsort(codes, kind="stable")
    square, own, sums = 0.0, np.empty(count), np.empty(count)
    for code, rows in enumerate(np.split(order, np.cumsum(np.bincount(codes))[:-1])):
        lever = bread * (weights[rows] @ _adjustment(total[rows], bread))
        square += float(lever @ residual[rows]) ** 2
        own[code], sums[code] = total[rows] @ lever**2, lever.sum()
    # V's parts have the covariance diag(own) - bread sums sums'; Satterthwaite's df is its trace squared over its square's sum.
    trace = float(np.sum(own - bread * sums**2))
    df = trace**2 / float(np.sum(own**2) - 2 * bread * np.sum(own * sums**2) + (bread * np.sum(sums**2)) ** 2)
    warnings = [f"{count} studies ({df:.1f} degrees of freedom): this interval is inexact"] if df < FEWEST_DF else []
    return student_estimate(
        "pooled effect, every effect",
        mean,
        float(np.sqrt(square)),
        df,
        level=level,
        n=sample.k,
        clusters=count,
        method="random effects, REML, CR2 by study, Satterthwaite",
        warnings=warnings,
    )


def _adjustment(total: Floats, bread: float) -> Floats:
    """A_s of a study whose effects have these total variances."""
    root = np.sqrt(total)
    inner = root[:, None] * (np.diag(total) - bread) * root
    values, vectors = np.linalg.eigh(inner)
    inverse = np.where(values > 1e-12 * values.max(), np.abs(values), np.inf) ** -0.5
    return root[:, None] * ((vectors * inverse) @ vectors.T) * root
