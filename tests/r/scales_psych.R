# Alpha, item-rest correlations, alpha without each item, Feldt's interval and one-factor omega by psych and stats.
suppressPackageStartupMessages({
  library(psych)
  library(jsonlite)
})
items <- read.csv("items.csv")
# psych writes remarks on items to the console; the result is the last thing printed.
quiet <- capture.output(suppressWarnings(suppressMessages({
  reliability <- psych::alpha(items, check.keys = FALSE)
  covariance <- cov(items, use = "pairwise")
  interval <- psych::alpha.ci(reliability$total$raw_alpha, n.obs = nrow(items), n.var = ncol(items), digits = 15)
  correlation <- cov2cor(covariance)
  by_psych <- psych::fa(correlation, nfactors = 1, fm = "ml", n.obs = nrow(items))
  # The same model by R itself, driven as far as its optimiser goes; where it starts at the answer it refuses to go that far.
  fitted <- function(factr) factanal(covmat = correlation, factors = 1, n.obs = nrow(items),
                                     control = list(opt = list(factr = factr, maxit = 2000)))
  by_stats <- tryCatch(fitted(1), error = function(failure) fitted(1e4))
})))
scale <- sqrt(diag(covariance))
omega <- function(loadings, own) {
  common <- sum(loadings * scale)^2
  common / (common + sum(own * scale^2))
}
result <- list(
  covariance = unname(covariance),
  alpha = reliability$total$raw_alpha,
  rest = reliability$item.stats$r.drop,
  without = reliability$alpha.drop$raw_alpha,
  low = interval$lower.ci,
  high = interval$upper.ci,
  loadings = abs(as.numeric(by_stats$loadings)) * sign(as.numeric(by_stats$loadings)) * sign(sum(by_stats$loadings)),
  loadings_psych = as.numeric(by_psych$loadings) * sign(sum(by_psych$loadings)),
  omega = omega(as.numeric(by_stats$loadings), by_stats$uniquenesses),
  omega_psych = omega(as.numeric(by_psych$loadings), by_psych$uniquenesses)
)
cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE))
