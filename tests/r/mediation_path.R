# The product of paths by lm_robust, and the sensitivity found by solving the model's equations rather than by the formula.
suppressPackageStartupMessages(library(estimatr))
people <- read.csv("people.csv")
robust <- function(formula) {
  if ("cluster" %in% names(people)) {
    lm_robust(formula, data = people, clusters = cluster, se_type = "CR2")
  } else {
    lm_robust(formula, data = people, se_type = "HC2")
  }
}
first <- robust(mediator ~ treatment + age)
second <- robust(outcome ~ mediator + treatment + age)
whole <- robust(outcome ~ treatment + age)
a <- first$coefficients[["treatment"]]
b <- second$coefficients[["mediator"]]
told <- function(fit, name) {
  list(estimate = fit$coefficients[[name]], std_error = fit$std.error[[name]], df = fit$df[[name]])
}
e2 <- resid(lm(mediator ~ treatment + age, people))
e1 <- resid(lm(outcome ~ treatment + age, people))
v1 <- mean(e1^2)
v2 <- mean(e2^2)
both <- mean(e1 * e2)
# e1 = b e2 + e3 with corr(e2, e3) = r: cov(e1, e2) = b v2 + r s2 s3 and var(e1) = b^2 v2 + 2 b r s2 s3 + s3^2, solved for b.
coefficient <- function(r) {
  if (r == 0) return(both / v2)
  off <- function(b) {
    s3 <- (both - b * v2) / (r * sqrt(v2))
    b^2 * v2 + 2 * b * r * sqrt(v2) * s3 + s3^2 - v1
  }
  # s3 must be positive: below least squares for r > 0, above it for r < 0
  side <- both / v2
  far <- side - sign(r) * 50
  uniroot(off, sort(c(side, far)), tol = 1e-13)$root
}
correlations <- c(-0.8, -0.3, 0, 0.2, 0.5, 0.9)
result <- list(
  mediated = a * b,
  mediated_error = sqrt(a^2 * second$std.error[["mediator"]]^2 + b^2 * first$std.error[["treatment"]]^2),
  direct = told(second, "treatment"),
  total = told(whole, "treatment"),
  correlations = correlations,
  mediated_at = a * vapply(correlations, coefficient, 0),
  undone_at = cor(e1, e2)
)
cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE))
