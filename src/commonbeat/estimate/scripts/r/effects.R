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
  if (!is.null(t$cluster) && length(unique(t$cluster)) < sum(counts)) return("crossed")
  "single"
}

keep_rows <- function(t, keep) {
  for (name in c("y", "z", "cluster", "block", "weight", "received", "before")) if (!is.null(t[[name]])) t[[name]] <- t[[name]][keep]
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

# Each arm of each block: units; what units of equal variance would give the mean's; the mean, its variance and df; its variance if people varied by 1.
cells_of <- function(t) {
  weight <- if (is.null(t$weight)) rep(1, length(t$y)) else t$weight / mean(t$weight)
  found <- expand.grid(block = unique(t$block), arm = c(0, 1), stringsAsFactors = FALSE)
  figures <- t(mapply(function(block, arm) {
    part <- keep_rows(t, t$block == block & t$z == arm)
    own <- weight[t$block == block & t$z == arm]
    share <- own / sum(own)
    of_unit <- if (is.null(t$cluster)) share else tapply(share, part$cluster, sum)
    fit <- if (length(of_unit) > 1) regress(part$y, cbind(rep(1, length(part$y))), part$weight, part$cluster, of = 1) else c(0, NA, NA)
    c(units = length(of_unit), uneven = sum(of_unit^2), mean = sum(share * part$y), variance = fit[[2]]^2, df = fit[[3]], expected = sum(share^2),
      mass = sum(own))
  }, found$block, found$arm))
  found <- cbind(found, figures)
  of_block <- tapply(found$mass, found$block, sum)[as.character(found$block)]
  found$share <- as.vector(of_block) / sum(found$mass)
  found
}

# Blocks weigh by size. Those with a single unit in an arm take their variance from the arm's other cells where these know it; else from how such blocks'
# differences vary; else from all cells (Pashley and Miratrix 2021, J. Educ. Behav. Stat. 46: 271).
single_units <- function(t) {
  cells <- cells_of(t)
  sides <- ifelse(cells$arm == 1, 1, -1)
  estimate <- sum(sides * cells$share * cells$mean)
  single <- cells$units == 1
  free <- function(arm) sum((cells$units - 1)[cells$arm == arm])
  enough <- function(arm) free(arm) >= max(4, sum(single & cells$arm == arm)) || !any(single & cells$arm == arm)
  own <- function(cells) cbind(cells$share^2 * cells$variance, cells$share^2 * cells$expected, cells$df)
  lent <- function(cells) {
    known <- cells[cells$units > 1, ]
    needed <- sum((cells$share^2 * cells$uneven)[cells$units == 1])
    factor <- known$share^2 + needed * known$df / sum(known$df) / known$uneven
    cbind(factor * known$variance, factor * known$expected, known$df)
  }
  small <- unique(cells$block[single])
  treated <- cells[cells$arm == 1 & cells$block %in% small, ]
  control <- cells[cells$arm == 0 & cells$block %in% small, ]
  share <- treated$share / sum(treated$share)
  if (enough(0) && enough(1)) {
    parts <- rbind(lent(cells[cells$arm == 0, ]), lent(cells[cells$arm == 1, ]))
  } else if (length(small) > 2 && max(share) < 0.5) {
    difference <- treated$mean - control$mean
    factor <- share^2 / (1 - 2 * share)
    factor <- sum(treated$share)^2 * factor / (1 + sum(factor))
    spread <- diag(length(share)) - matrix(share, length(share), length(share), byrow = TRUE)
    moments <- sqrt(factor) * t(sqrt(factor) * spread %*% diag(treated$expected + control$expected) %*% t(spread))
    trace <- sum(diag(moments))
    between <- cbind(sum(factor * drop(spread %*% difference)^2), trace, trace^2 / sum(moments^2))
    parts <- rbind(own(cells[!cells$block %in% small, ]), between)
  } else {
    parts <- lent(cells)
  }
  if (nrow(parts) == 0) return(c(estimate = estimate, std_error = NA, df = NA))
  c(estimate = estimate, std_error = sqrt(sum(parts[, 1])), df = sum(parts[, 2])^2 / sum(parts[, 2]^2 / parts[, 3]))
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
  if (kind == "single") return(single_units(t))
  if (kind == "crossed") return(regress(t$y, cbind(1, t$z, block_columns(t$block)), t$weight, t$cluster))
  if (is.null(t$cluster) && is.null(t$weight)) {
    fit <- difference_in_means(y ~ z, data.frame(y = t$y, z = t$z))          # Welch
    return(c(estimate = unname(fit$coefficients), std_error = unname(fit$std.error), df = unname(fit$df)))
  }
  regress(t$y, cbind(1, t$z), t$weight, t$cluster)
}

# Lin's regression: controls and blocks centred and interacted with treatment. With few units, or blocks in which an arm has one unit, controls have
# common slopes; in matched pairs the pairs' differences are regressed on those of their controls. The choice reads no outcome.
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
  if (kind %in% c("none", "blocks") && !small) return(regress(t$y, interacted(t, columns), t$weight, t$cluster))
  if (sum(counts) < fitted + 3) return(NULL)
  if (!kind %in% c("single", "blocks")) return(regress(t$y, cbind(1, t$z, columns), t$weight, t$cluster))
  weight <- if (is.null(t$weight)) rep(1, length(t$y)) else t$weight
  slopes <- lm.wfit(cbind(1, t$z, block_columns(t$block), t$controls), t$y, weight)$coefficients[-seq_len(1 + nrow(counts))]
  slopes <- ifelse(is.na(slopes), 0, slopes)
  t$y <- t$y - drop(t$controls %*% slopes)
  free <- sum(counts) - nrow(counts) - 1
  left <- free - sum(slopes != 0)
  found <- plain_difference(t)
  c(found["estimate"], found["std_error"] * sqrt(free / left), df = min(found[["df"]], left))
}

intention_to_treat <- function(t, estimand) {
  t <- with_baseline(comparable(t))
  adjusted <- if (ncol(t$controls) > 0) adjusted_difference(t) else NULL
  if (!is.null(adjusted)) add_row(estimand, "adjusted", adjusted, t)
  add_row(estimand, "difference in means", plain_difference(t), t)
}
