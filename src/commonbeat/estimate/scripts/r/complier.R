# ---- Effect among those who take part because they were assigned ------------------------------------------------------

complier_effect <- function(t, estimand) {
  t <- with_baseline(comparable(keep_rows(t, !is.na(t$received))))
  others <- cbind(1, t$controls, block_columns(t$block))
  held <- qr(others)
  others <- others[, sort(held$pivot[seq_len(held$rank)]), drop = FALSE]
  colnames(others) <- paste0("x", seq_len(ncol(others)))
  frame <- data.frame(y = t$y, d = t$received, z = t$z, others)
  frame$weight <- if (is.null(t$weight)) 1 else t$weight / mean(t$weight)
  frame$cluster <- if (is.null(t$cluster)) NA else t$cluster
  right <- paste(colnames(others), collapse = " + ")
  stages <- as.formula(paste("y ~ 0 + d +", right, "| 0 + z +", right))
  if (!is.null(t$cluster) && is.null(t$weight)) {
    fit <- iv_robust(stages, frame, clusters = cluster, se_type = "CR2")
  } else if (!is.null(t$cluster)) {
    fit <- iv_robust(stages, frame, clusters = cluster, weights = weight, se_type = "CR2")
  } else {
    fit <- iv_robust(stages, frame, weights = weight, se_type = "HC2")
    first <- lm.wfit(cbind(t$z, others), t$received, frame$weight)
    fit$df["d"] <- hc2_df(cbind(t$received - first$residuals, others), frame$weight, 1)
  }
  found <- c(estimate = unname(fit$coefficients["d"]), std_error = unname(fit$std.error["d"]), df = unname(fit$df["d"]))
  add_row(estimand, "two-stage least squares", found, t)
  first <- regress(t$received, cbind(1, t$z, others[, -1]), t$weight, t$cluster)
  add_row("take-up: share who received it because they were assigned to it", "first stage", first, t)
}
