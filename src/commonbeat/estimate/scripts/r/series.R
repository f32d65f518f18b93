# ---- The series: a step and a bend at the event, with errors that carry over from one period to the next ------------------

period_of <- function(name) {
  x <- column(name)
  if (is.numeric(x) && !inherits(data[[name]], c("Date", "POSIXt"))) return(as.numeric(x))
  days(if (is.numeric(x)) data[[name]] else x, name)
}
start_of <- if (is.numeric(start)) start else days(start, time)
if (is.na(start_of)) start_of <- as.numeric(start)
rows <- data.frame()

for (outcome in outcomes) {
  y <- numbers(outcome)
  if (!is.null(population)) y <- 1000 * y / numbers(population)
  t <- data.frame(y = y, period = period_of(time))
  if (!is.null(unit)) t <- t[is_value(column(unit), treated_unit), ]
  t <- t[order(t$period), ]
  about <- paste0(outcome, if (is.null(population)) "" else " per 1,000")
  n <- nrow(t)
  first <- which(t$period >= start_of)[1] - 1
  step_number <- seq_len(n) - 1
  t$trend <- step_number
  t$step <- as.numeric(step_number >= first)
  t$bend <- t$step * (step_number - first)
  right <- c("trend", "step", "bend")
  if (!is.null(season_periods) && n >= season_periods) for (wave in if (season_periods <= 7) seq_len(season_periods %/% 2) else 1:2) {
    angle <- 2 * pi * wave * step_number / season_periods
    t[[paste0("cosine_", wave)]] <- cos(angle)
    if (2 * wave != season_periods) t[[paste0("sine_", wave)]] <- sin(angle)
    right <- c(right, if (2 * wave != season_periods) paste0("sine_", wave), paste0("cosine_", wave))
  }
  model <- reformulate(right, "y")
  regression <- nlme::gls(model, t, correlation = nlme::corAR1(), method = "REML")
  covariance <- vcov(regression)
  df <- n - length(right) - 1
  questions <- list(c(step = 1), c(bend = 1), c(step = 1, bend = mean(t$bend[t$step == 1])))
  names(questions) <- c("change of level at the start", paste("change of slope per", time), "mean change after the start")
  for (question in names(questions)) {
    contrast <- questions[[question]]
    estimate <- sum(contrast * coef(regression)[names(contrast)])
    std_error <- sqrt(drop(contrast %*% covariance[names(contrast), names(contrast)] %*% contrast))
    half <- qt(1 - level / 2, df) * std_error
    rows <- rbind(rows, data.frame(
      estimand = paste0(question, ": ", about), method = "autoregressive errors (REML)", estimate = estimate, std_error = std_error,
      df = df, ci_low = estimate - half, ci_high = estimate + half, p_value = 2 * pt(-abs(estimate / std_error), df), n = n, clusters = NA))
  }
}

print(rows, digits = 7, row.names = FALSE)
