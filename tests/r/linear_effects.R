# The effects of two trials (people.csv, places.csv) by estimatr, with the degrees of freedom of clubSandwich where estimatr takes others.
suppressPackageStartupMessages({
  library(estimatr)
  library(clubSandwich)
})
people <- read.csv("people.csv")
places <- read.csv("places.csv")

satterthwaite <- function(fit, cluster, weighted) {
  singles <- length(unique(cluster)) == length(cluster)
  if (weighted && singles) { # HC2 as estimatr has it; df for errors that vary alike
    adjusted <- vcovCR(fit, cluster = cluster, type = "CR2", target = 1 / weights(fit), inverse_var = FALSE)
    attr(adjusted, "target") <- attr(vcovCR(fit, cluster = cluster, type = "CR2"), "target")
  } else {
    adjusted <- vcovCR(fit, cluster = cluster, type = "CR2")
  }
  test <- coef_test(fit, vcov = adjusted, test = "Satterthwaite", coefs = 2)
  list(estimate = test$beta, se = test$SE, df = if (is.null(test$df_Satt)) test$df else test$df_Satt)
}
second <- function(fit) list(estimate = unname(fit$coefficients[2]), se = unname(fit$std.error[2]), df = unname(fit$df[2]))
only <- function(fit) list(estimate = unname(fit$coefficients[1]), se = unname(fit$std.error[1]), df = unname(fit$df[1]))

lin_columns <- function(data, formula) {
  columns <- model.matrix(formula, data)[, -1, drop = FALSE]
  centred <- sweep(columns, 2, apply(columns, 2, weighted.mean, data$use))
  cbind(centred, centred * data$z)
}

effects_of <- function(data, clustered, weighted) {
  data$row <- seq_len(nrow(data))
  data$use <- if (weighted) data$w else 1
  data$block <- factor(data$block)
  units <- if (clustered) data$cluster else data$row
  options <- list(data = quote(data))
  if (clustered) options$clusters <- quote(cluster)
  if (weighted) options$weights <- quote(w)
  estimated <- function(what, ...) eval(as.call(c(list(what, ...), options)))
  least <- function(formula) {
    if (weighted) lm(formula, data = data, weights = use) else lm(formula, data = data)
  }
  result <- list()
  result$plain <- only(estimated(quote(difference_in_means), y ~ z))
  result$plain_club <- satterthwaite(least(y ~ z), units, weighted)
  result$blocked <- only(estimated(quote(difference_in_means), y ~ z, blocks = quote(block)))
  data$columns <- lin_columns(data, ~block)
  result$blocked_club <- satterthwaite(least(y ~ z + columns), units, weighted)
  result$lin <- second(estimated(quote(lm_lin), y ~ z, covariates = ~ base + x1 + x2))
  data$columns <- lin_columns(data, ~ base + x1 + x2)
  result$lin_club <- satterthwaite(least(y ~ z + columns), units, weighted)
  result$lin_blocked <- second(estimated(quote(lm_lin), y ~ z, covariates = ~ base + x1 + x2 + block))
  data$columns <- lin_columns(data, ~ base + x1 + x2 + block)
  result$lin_blocked_club <- satterthwaite(least(y ~ z + columns), units, weighted)

  stages <- list(
    compliers = list(y ~ d | z, d ~ z, y ~ fitted),
    compliers_lin = list(y ~ d + base + x1 + x2 | z + base + x1 + x2, d ~ z + base + x1 + x2, y ~ fitted + base + x1 + x2),
    compliers_blocked = list(y ~ d + block | z + block, d ~ z + block, y ~ fitted + block),
    compliers_lin_blocked = list(
      y ~ d + base + x1 + x2 + block | z + base + x1 + x2 + block, d ~ z + base + x1 + x2 + block,
      y ~ fitted + base + x1 + x2 + block
    )
  )
  for (name in names(stages)) {
    result[[name]] <- second(estimated(quote(iv_robust), stages[[name]][[1]]))
    result[[paste0(name, "_first")]] <- satterthwaite(least(stages[[name]][[2]]), units, weighted)
    data$fitted <- fitted(least(stages[[name]][[2]]))
    result[[paste0(name, "_club")]] <- satterthwaite(least(stages[[name]][[3]]), units, weighted)
  }
  result
}

result <- list()
for (weighted in c(FALSE, TRUE)) {
  ending <- if (weighted) " weighted" else ""
  result[[paste0("people", ending)]] <- effects_of(people, FALSE, weighted)
  result[[paste0("places", ending)]] <- effects_of(places, TRUE, weighted)
}
pairs <- read.csv("pairs.csv")
result$pairs <- only(difference_in_means(y ~ z, data = pairs[!duplicated(pairs$cluster), ], blocks = pair))
result$pairs_of_places <- only(difference_in_means(y ~ z, data = pairs, blocks = pair, clusters = cluster))
few <- pairs[!duplicated(pairs$cluster), ]
moved <- do.call(rbind, lapply(split(few, few$pair), function(each) {
  each[each$z == 1, c("y", "x1")] - each[each$z == 0, c("y", "x1")]
}))
moved$one <- 1
result$pairs_adjusted <- satterthwaite(lm(y ~ x1 + one - 1, data = moved), seq_len(nrow(moved)), FALSE)
cells <- aggregate(y ~ pair + z, data = pairs, FUN = function(y) c(n = length(y), mean = mean(y), var = var(y)))
cells <- cbind(cells[, 1:2], cells$y)
lent <- function(z) with(cells[cells$z == z & cells$n > 1, ], sum(var * (n - 1)) / sum(n - 1))
cells$lent <- ifelse(cells$n > 1, cells$var, ifelse(cells$z == 1, lent(1), lent(0)))
size <- tapply(pairs$y, pairs$pair, length) / nrow(pairs)
cells$size <- size[as.character(cells$pair)]
result$single <- list(estimate = with(cells, sum(size * mean * ifelse(z == 1, 1, -1))), se = with(cells, sqrt(sum(size^2 * lent / n))))
cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE, na = "null"))
