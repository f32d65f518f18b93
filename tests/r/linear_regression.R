# Every covariance that linear/ offers, by estimatr, clubSandwich and survey, on the rows of data.csv.
suppressPackageStartupMessages({
  library(estimatr)
  library(clubSandwich)
  library(survey)
})
data <- read.csv("data.csv")
data$row <- seq_len(nrow(data))

shapes <- list(
  plain = y ~ z,
  covariates = y ~ z + x1 + x2,
  shared = y ~ z + x3 + x1,               # x3 is the same within a cluster
  deficient = y ~ z + x1 + x2 + x5,       # x5 = x1 + x2
  passed = y ~ z + only + x1,             # only: 1 in a single cluster, which the fit passes through
  year = y ~ z + year
)
row_of <- function(names, estimate, se, df) {
  list(names = I(names), estimate = I(unname(estimate)), se = I(unname(se)), df = I(unname(df)))
}
robust <- function(formula, ...) {
  fit <- lm_robust(formula, data = data, ...)
  keep <- !is.na(fit$coefficients)
  row_of(names(fit$coefficients)[keep], fit$coefficients[keep], fit$std.error[keep], fit$df[keep])
}
satterthwaite <- function(fit, ...) {
  keep <- names(coef(fit))[!is.na(coef(fit))]
  test <- coef_test(fit, vcov = vcovCR(fit, type = "CR2", ...), test = "Satterthwaite")
  row_of(keep, test$beta, test$SE, if (is.null(test$df_Satt)) test$df else test$df_Satt)
}
# HC2 with weights: adjusted as sandwich and estimatr do (a row's variance proportional to 1 / weight), with the df that this variance
# has when all rows' errors vary alike.
satterthwaite_of_hc2 <- function(fit) {
  adjusted <- vcovCR(fit, cluster = data$row, type = "CR2", target = 1 / weights(fit), inverse_var = FALSE)
  attr(adjusted, "target") <- attr(vcovCR(fit, cluster = data$row, type = "CR2"), "target")
  test <- coef_test(fit, vcov = adjusted, test = "Satterthwaite")
  row_of(names(coef(fit))[!is.na(coef(fit))], test$beta, test$SE, if (is.null(test$df_Satt)) test$df else test$df_Satt)
}

result <- list(estimatr = list(), club = list())
for (name in names(shapes)) {
  formula <- shapes[[name]]
  flat <- lm(formula, data = data)
  weighted <- lm(formula, data = data, weights = w)
  result$club[[paste0(name, " HC2")]] <- satterthwaite(flat, cluster = data$row)
  result$club[[paste0(name, " HC2 weighted")]] <- satterthwaite_of_hc2(weighted)
  result$club[[paste0(name, " CR2")]] <- satterthwaite(flat, cluster = data$cluster)
  result$club[[paste0(name, " CR2 weighted")]] <- satterthwaite(weighted, cluster = data$cluster)
  result$estimatr[[paste0(name, " HC2")]] <- robust(formula, se_type = "HC2")
  result$estimatr[[paste0(name, " HC2 weighted")]] <- robust(formula, weights = w, se_type = "HC2")
  if (name == "passed") next # estimatr gives no number there
  result$estimatr[[paste0(name, " CR2")]] <- robust(formula, clusters = cluster, se_type = "CR2")
  result$estimatr[[paste0(name, " CR2 weighted")]] <- robust(formula, weights = w, clusters = cluster, se_type = "CR2")
}
for (kind in c("classical", "HC0", "HC1")) {
  result$estimatr[[paste("covariates", kind)]] <- robust(shapes$covariates, se_type = kind)
  result$estimatr[[paste("covariates", kind, "weighted")]] <- robust(shapes$covariates, weights = w, se_type = kind)
}
for (kind in c("CR0", "stata")) {
  result$estimatr[[paste("covariates", kind)]] <- robust(shapes$covariates, clusters = cluster, se_type = kind)
  result$estimatr[[paste("covariates", kind, "weighted")]] <-
    robust(shapes$covariates, weights = w, clusters = cluster, se_type = kind)
}

survey_of <- function(ids, ...) {
  fit <- svyglm(y ~ z + x1 + x2, design = svydesign(ids = ids, data = data, ...))
  row_of(names(coef(fit)), coef(fit), sqrt(diag(vcov(fit))), rep(NA, 4))
}
result$survey <- list(
  clusters = survey_of(~cluster, weights = ~w),
  rows = survey_of(~row, weights = ~w)
)

instrumental <- function(...) {
  fit <- iv_robust(y ~ d + x1 + x2 | z + x1 + x2, data = data, ...)
  row_of(names(fit$coefficients), fit$coefficients, fit$std.error, fit$df)
}
# Satterthwaite df of HC2 depend on the second stage's regressors only, so a regression on the fitted first stage has them.
data$fitted <- fitted(lm(d ~ z + x1 + x2, data = data))
data$fitted_weighted <- fitted(lm(d ~ z + x1 + x2, data = data, weights = w))
result$second <- list(
  "HC2" = satterthwaite(lm(y ~ fitted + x1 + x2, data = data), cluster = data$row),
  "HC2 weighted" = satterthwaite_of_hc2(lm(y ~ fitted_weighted + x1 + x2, data = data, weights = w))
)
result$instrumental <- list(
  "HC2" = instrumental(se_type = "HC2"),
  "HC2 weighted" = instrumental(weights = w, se_type = "HC2"),
  "CR2" = instrumental(clusters = cluster, se_type = "CR2"),
  "CR2 weighted" = instrumental(weights = w, clusters = cluster, se_type = "CR2")
)
cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE, na = "null"))
