# Effects by group and tests that they are the same: estimatr for each group alone, clubSandwich's HTZ for the joint test in
# clusters that have people of all groups, and for each difference its own.
suppressPackageStartupMessages({
  library(estimatr)
  library(clubSandwich)
  library(jsonlite)
})
people <- read.csv("people.csv")
people$k <- factor(people$k, levels = c(0, 1, 2))

by_group <- function(fit_one) {
  rows <- lapply(levels(people$k), function(level) {
    row <- tidy(fit_one(people[people$k == level, ]))
    as.list(row[row$term == "z", c("estimate", "std.error", "df")])
  })
  setNames(rows, levels(people$k))
}

together <- function(weighted) {
  people$centred <- people$x
  for (level in levels(people$k)) {
    rows <- people$k == level
    middle <- if (weighted) weighted.mean(people$x[rows], people$w[rows]) else mean(people$x[rows])
    people$centred[rows] <- people$x[rows] - middle
  }
  form <- y ~ 0 + k + k:z + k:centred + k:z:centred
  fit <- if (weighted) lm(form, data = people, weights = w) else lm(form, data = people)
  effects <- match(paste0("k", 0:2, ":z"), names(coef(fit)))
  steps <- matrix(0, 2, length(coef(fit)))
  steps[1, effects[1:2]] <- c(-1, 1)
  steps[2, effects[c(1, 3)]] <- c(-1, 1)
  covariance <- vcovCR(fit, cluster = people$g, type = "CR2")
  test <- Wald_test(fit, constraints = steps, vcov = covariance, test = "HTZ")
  single <- lapply(1:2, function(row) {
    one <- Wald_test(fit, constraints = steps[row, , drop = FALSE], vcov = covariance, test = "HTZ")
    estimate <- sum(steps[row, ] * coef(fit))
    list(estimate = estimate, error = abs(estimate) / sqrt(one$Fstat), df = one$df_denom)
  })
  list(statistic = test$Fstat, numerator = test$df_num, denominator = test$df_denom, p = test$p_val, steps = single)
}

result <- list(
  lin = by_group(function(part) lm_lin(y ~ z, ~x, data = part, se_type = "HC2")),
  lin_clustered = by_group(function(part) lm_lin(y ~ z, ~x, clusters = g, data = part, se_type = "CR2")),
  together = together(FALSE), together_weighted = together(TRUE)
)
cat(toJSON(result, digits = NA, auto_unbox = TRUE))
