suppressPackageStartupMessages({
  library(nlme)
  library(sandwich)
})
series <- read.csv("series.csv")
start <- series$start[1]
year <- series$year[1]
series$step <- as.numeric(series$time >= start)
series$bend <- series$step * (series$time - start)
model <- outcome ~ time + step + bend
if (year > 0) {
  terms <- c("time", "step", "bend")
  if (year <= 7) {  # all waves of a short year are a mean for each of its periods
    series$place <- factor(series$time %% year)
    terms <- c(terms, "place")
  } else for (wave in 1:2) {
    series[[paste0("sine", wave)]] <- sin(2 * pi * wave * series$time / year)
    series[[paste0("cosine", wave)]] <- cos(2 * pi * wave * series$time / year)
    terms <- c(terms, paste0(c("sine", "cosine"), wave))
  }
  model <- reformulate(terms, "outcome")
}
after <- series$time >= start
three <- function(coefficients, covariance, df) {
  level <- slope <- mean_change <- setNames(rep(0, length(coefficients)), names(coefficients))
  level["step"] <- 1
  slope["bend"] <- 1
  mean_change["step"] <- 1
  mean_change["bend"] <- mean(series$bend[after])
  lapply(list(level, slope, mean_change), function(v) {
    list(estimate = sum(v * coefficients), std_error = sqrt(drop(v %*% covariance %*% v)), df = df)
  })
}
fit <- lm(model, series)
# The correlation by our own search of the restricted likelihood that gls reports, to more digits than gls's optimiser gives.
restricted <- function(correlation) {
  held <- gls(model, series, correlation = corAR1(correlation, fixed = TRUE), method = "REML")
  as.numeric(logLik(held))
}
correlation <- optimize(restricted, c(-0.95, 0.95), maximum = TRUE, tol = 1e-10)$maximum
best <- gls(model, series, correlation = corAR1(correlation, fixed = TRUE), method = "REML")
free <- gls(model, series, correlation = corAR1(), method = "REML")
result <- list(
  autoregressive = three(coef(best), vcov(best), nrow(series) - length(coef(best))),
  correlation = correlation,
  correlation_of_gls = unname(coef(free$modelStruct$corStruct, unconstrained = FALSE)),
  newey_west = lapply(setNames(c(0, 3, 7), c("lags0", "lags3", "lags7")), function(lags) {
    three(coef(fit), NeweyWest(fit, lag = lags, prewhite = FALSE, adjust = TRUE), fit$df.residual)
  })
)
cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE))
