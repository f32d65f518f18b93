"""The effect among everybody assigned, with those who answered standing for those like them who did not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.arms import comparable_weights, row_weights
from commonbeat.estimate.attrition.influence import cluster_count, clustered_error, few_clusters
from commonbeat.estimate.attrition.logit import Logit, fit_logit
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.linear.basis import independent_columns
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats, Trial

ENOUGH_PER_COEFFICIENT = 10
SELECTED = "Weights for answering mend only what the predictors explain: people alike in them must not differ by whether they answered."
SEPARATED = "The predictors tell exactly who answered: there are no weights for answering."
RARE = "Somebody was given a chance of answering below 5 %: few people carry much weight."
THIN = "Fewer than ten people without an answer per coefficient: predictors act alike in both arms, and the weights are rough."
ONE_ARM = "In one arm everybody answered: its people count as they are, and only the other arm's answers are weighted."
THIN_ARM = "Fewer than ten people without an answer per coefficient: the weights are rough."
AS_KNOWN = "The standard error takes the weights for answering as known; this usually makes it a little too wide."


@dataclass(frozen=True, slots=True, eq=False)
class ResponseWeights:
    """weights [n]: survey weight over the chance of answering, 0 for who did not answer; the logit behind; warnings.

    design_effect: Kish's, n * sum w^2 / (sum w)^2 over who answered: how much larger a sample equal weights would stand for.
    """

    weights: Floats
    logit: Logit
    design_effect: float
    warnings: tuple[str, ...]


def response_weights(trial: Trial, predictors: Floats | None = None) -> ResponseWeights | None:
    """Inverse chances of answering from a logit on arm, predictors and their products; None where the logit has no finite fit.

    predictors [n, k]: known for everybody before treatment, nan where missing (the mean then stands in, with a column that says so).
    None: the trial's covariates and baseline. Arms get coefficients of their own when each has ten people without an answer per coefficient;
    an arm in which everybody answered has chances of 1.
    Without predictors the weights are those of the arms' rates, and change nothing.
    """
    answered = (~np.isnan(trial.outcome)).astype(float)
    given = complete_columns(default_predictors(trial) if predictors is None else predictors)
    missing = [int((answered[trial.treatment == each] == 0).sum()) for each in (0.0, 1.0)]
    asked = np.isin(
        trial.treatment, [each for each in (0, 1) if missing[each]]
    )  # who is in an arm in which somebody did not answer
    one_arm = min(missing) == 0
    arm, constant = trial.treatment[asked, None], np.ones((int(asked.sum()), 1))
    columns = new_columns(np.hstack([constant, given[asked]]))[:, 1:]
    thin = min(each for each in missing if each) < ENOUGH_PER_COEFFICIENT * (columns.shape[1] + 1)
    parts = (
        [constant, columns]
        if one_arm
        else [constant, arm, columns]
        if thin
        else [constant, arm, columns, columns * arm]
    )
    survey = row_weights(trial) / row_weights(trial).mean()
    fitted = fit_logit(answered[asked], new_columns(np.hstack(parts)), survey[asked])
    if fitted is None:
        return None
    logit = fitted.among(asked)
    weights = comparable_weights(trial) * answered / logit.probability
    used = weights[answered == 1]
    effect = float(used.size * (used @ used) / used.sum() ** 2)
    rare = bool(logit.probability[answered == 1].min() < 0.05)
    shown = [SELECTED, *((RARE,) if rare else ()), *((ONE_ARM,) if one_arm else ())]
    shown += [THIN_ARM if one_arm else THIN] if thin and columns.size else []
    return ResponseWeights(weights, logit, effect, tuple(shown))


def new_columns(columns: Floats) -> Floats:
    """The columns that those before them do not already give."""
    return columns[:, independent_columns(np.asarray(np.linalg.qr(columns, mode="r")))]


def default_predictors(trial: Trial) -> Floats:
    """The trial's covariates and its baseline, side by side [n, k]."""
    parts = [trial.covariates] if trial.covariates.size else []
    if trial.baseline is not None:
        parts.append(trial.baseline[:, None])
    return np.hstack(parts) if parts else np.empty((trial.treatment.shape[0], 0))


def complete_columns(columns: Floats) -> Floats:
    """Columns on a common scale (mean 0, SD 1) with nan set to the mean, and a 0/1 column for each that had nan."""
    made = []
    for column in columns.T:
        known = ~np.isnan(column)
        if not known.any():
            continue
        filled = np.where(known, column, column[known].mean())
        spread = filled.std()
        made.append((filled - filled.mean()) / (spread if spread > 0 else 1.0))
        if not known.all():
            made.append((~known).astype(float))
    return np.column_stack(made) if made else np.empty((columns.shape[0], 0))


def response_weighted_effects(trial: Trial, predictors: Floats | None = None) -> tuple[Estimate, ...]:
    """Two rows among everybody assigned: weighted difference in means, and the pre-declared regression with the same weights.

    The first row's standard error counts that the weights are estimated; the second is right if either the logit or the regression is
    (doubly robust), and takes the weights as known. () when all answered or nothing predicts answering.
    """
    nothing = predictors is None and default_predictors(trial).shape[1] == 0
    if nothing or not np.isnan(trial.outcome).any():
        return ()
    made = response_weights(trial, predictors)
    name = f"effect among everybody assigned: {trial.outcome_name}"
    used, clusters = int((~np.isnan(trial.outcome)).sum()), cluster_count(trial)
    method = "difference in means weighted by inverse chance of answering"
    if made is None:
        return (Estimate(name, None, None, None, None, None, None, used, clusters, method, (SEPARATED,)),)
    estimate, error, df = weighted_difference(trial, made)
    kish = f"weights' design effect {made.design_effect:.2f}"
    plain = student_estimate(
        name,
        estimate,
        error,
        df,
        level=trial.level,
        n=used,
        clusters=clusters,
        method=f"{method} (logit), sandwich that counts the estimated weights; {kish}",
        warnings=(*made.warnings, *few_clusters(trial)),
    )
    return (plain, _adjusted(trial, made, name))


def _adjusted(trial: Trial, made: ResponseWeights, name: str) -> Estimate:
    # the regression knows blocks itself: it gets survey weight over chance, not the weights that make arms comparable
    answered = ~np.isnan(trial.outcome)
    own = row_weights(trial) / made.logit.probability
    row = primary_effect(replace(trial, weight=own / own[answered].mean()).answered())
    method = f"{row.method}, weighted by inverse chance of answering (logit)"
    return replace(row, estimand=f"{name}, adjusted", method=method).with_warnings(*made.warnings, AS_KNOWN)


def weighted_difference(trial: Trial, made: ResponseWeights) -> tuple[float, float, float]:
    """The difference between the arms' weighted means, its standard error and df, by stacked estimating equations.

    mu_a = sum of w y / sum of w over the arm's answers, w = survey weight / p(x b). Its influence is w (y - mu_a) / sum w
    - [sum of w (y - mu_a) (1 - p) x' / sum w] I^-1 score, where I and score are the logit's (Lunceford & Davidian 2004, doi 10.1002/sim.1903).
    Influences of both arms are subtracted and summed by cluster.
    """
    outcome = np.where(np.isnan(trial.outcome), 0.0, trial.outcome)
    influence, means = [], []
    for arm in (0.0, 1.0):
        weight = np.where(trial.treatment == arm, made.weights, 0.0)
        weight = weight / weight.sum()
        mean = float(weight @ outcome)
        residual = weight * (outcome - mean)
        slope = -(residual * (1 - made.logit.probability)) @ made.logit.regressors
        influence.append(residual + made.logit.scores @ np.linalg.solve(made.logit.information, slope))
        means.append(mean)
    return means[1] - means[0], *clustered_error(trial, influence[1] - influence[0])
