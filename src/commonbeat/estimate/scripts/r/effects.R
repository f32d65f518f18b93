# ---- Effects ----------------------------------------------------------------------------------------------------

block_columns <- function(block) {
  if (is.null(block)) return(NULL)
  kinds <- unique(block)
  sapply(kinds[-1], function(kind) as.numeric(block == kind))
}

unit_counts <- function(t) {
  block <- if (is.null(t$block)) rep(1, length(t$y)) else t$block
  units <- data.frame(block = block, z = t$z, unit = if (is.null(t$cluster)) seq_along(t$y) else t$cluster)
  units <- unique(units)
  table(units$block, factor(units$z, levels = c(0, 1)))
}

crosses <- function(t) !is.null(t$cluster) && any(tapply(t$block, t$cluster, function(b) length(unique(b))) > 1)

layout_of <- function(t) {
  if (is.null(t$block)) return("none")
  counts <- unit_counts(t)
  if (all(counts >= 2)) return("blocks")
  if (all(counts == 1) && !crosses(t)) return("pairs")
  "uneven"
}

keep_rows <- function(t, keep) {
  for (name in c("y", "z", "cluster", "block", "weight", "received")) if (!is.null(t[[name]])) t[[name]] <- t[[name]][keep]
  t$controls <- t$controls[keep, , drop = FALSE]
  t
}

# Those who answered, in blocks that have answers of both arms.
comparable <- function(t) {
  t <- keep_rows(t, !is.na(t$y))
  if (is.null(t$block)) return(t)
  both <- tapply(t$z, t$block, function(z) any(z == 1) && any(z == 0))
  keep_rows(t, unname(both[as.character(t$block)]))
}

interacted <- function(t, columns) {
  weight <- if (is.null(t$weight)) rep(1, length(t$y)) else t$weight
  centred <- sweep(columns, 2, colSums(columns * weight) / sum(weight))
  cbind(1, t$z, centred, centred * t$z)
}

pair_differences <- function(t, columns) {
  weight <- if (is.null(t$weight)) rep(1, length(t$y)) else t$weight / mean(t$weight)
  pairs <- unique(t$block)
  mass <- sapply(pairs, function(b) sum(weight[t$block == b]))
  means <- function(arm) sapply(seq_len(ncol(columns)), function(j) sapply(pairs, function(b) {
    at <- t$block == b & t$z == arm
    sum(weight[at] * columns[at, j]) / sum(weight[at])
  }))
  list(mass = mass, moved = means(1) - means(0))
}

plain_difference <- function(t) {
  kind <- layout_of(t)
  if (kind == "pairs") {
    found <- pair_differences(t, cbind(t$y))
    mass <- found$mass
    difference <- found$moved[, 1]
    pairs <- length(mass)
    estimate <- sum(mass * difference) / sum(mass)
    spread <- sum((mass * difference - sum(mass) * estimate / pairs)^2)
    return(c(estimate = estimate, std_error = sqrt(pairs / (pairs - 1) * spread) / sum(mass), df = pairs - 1))
  }
  if (kind == "blocks") return(regress(t$y, interacted(t, as.matrix(block_columns(t$block))), t$weight, t$cluster))
  if (kind == "uneven") return(regress(t$y, cbind(1, t$z, block_columns(t$block)), t$weight, t$cluster))
  if (is.null(t$cluster) && is.null(t$weight)) {
    fit <- difference_in_means(y ~ z, data.frame(y = t$y, z = t$z))          # Welch
    return(c(estimate = unname(fit$coefficients), std_error = unname(fit$std.error), df = unname(fit$df)))
  }
  regress(t$y, cbind(1, t$z), t$weight, t$cluster)
}

# Lin's regression: controls and blocks centred and interacted with treatment. With few units, or blocks in which an arm has one unit, they enter
# without interactions; in matched pairs the pairs' differences are regressed on those of their controls. The choice reads no outcome.
adjusted_difference <- function(t) {
  kind <- layout_of(t)
  counts <- unit_counts(t)
  if (kind == "pairs") {
    if (nrow(counts) < qr(scale(t$controls, scale = FALSE))$rank + 3) return(NULL)
    found <- pair_differences(t, cbind(t$y, t$controls))
    mass <- if (diff(range(found$mass)) == 0) NULL else found$mass
    return(regress(found$moved[, 1], cbind(1, found$moved[, -1]), mass, NULL, of = 1))
  }
  columns <- cbind(t$controls, block_columns(t$block))
  fitted <- qr(scale(columns, scale = FALSE))$rank + 1
  small <- min(colSums(counts)) < 2 * fitted || nrow(counts) * fitted^2 > 3e7
  if (kind != "uneven" && !small) return(regress(t$y, interacted(t, columns), t$weight, t$cluster))
  if (sum(counts) < fitted + 3) return(NULL)
  regress(t$y, cbind(1, t$z, columns), t$weight, t$cluster)
}

intention_to_treat <- function(t, estimand) {
  t <- comparable(t)
  adjusted <- if (ncol(t$controls) > 0) adjusted_difference(t) else NULL
  if (!is.null(adjusted)) add_row(estimand, "adjusted", adjusted, t)
  add_row(estimand, "difference in means", plain_difference(t), t)
}
