# ---- Regression and rows ---------------------------------------------------------------------------------------------

# HC2 without clusters, CR2 with them; Satterthwaite degrees of freedom under errors that are independent with equal variance, with weights too.
regress <- function(y, X, weight, cluster, of = 2) {
  held <- qr(X)
  X <- X[, sort(held$pivot[seq_len(held$rank)]), drop = FALSE]
  colnames(X) <- paste0("x", seq_len(ncol(X)))
  frame <- data.frame(y = y, X)
  frame$weight <- if (is.null(weight)) 1 else weight / mean(weight)
  model <- reformulate(c("0", colnames(X)), "y")
  if (!is.null(cluster) && is.null(weight)) {
    fit <- lm_robust(model, frame, clusters = cluster, se_type = "CR2")
  } else if (!is.null(cluster)) {
    fit <- lm_robust(model, frame, clusters = cluster, weights = weight, se_type = "CR2")
  } else {
    fit <- lm_robust(model, frame, weights = weight, se_type = "HC2")
    fit$df[of] <- hc2_df(X, frame$weight, of)
  }
  c(estimate = unname(fit$coefficients[of]), std_error = unname(fit$std.error[of]), df = unname(fit$df[of]))
}

# trace(P)^2 / sum(P^2), P = diag(a) (I - H)(I - H)' diag(a): the variance estimate is a sum of squares with this covariance.
hc2_df <- function(X, weight, of) {
  M <- solve(crossprod(X * sqrt(weight)))
  leverage <- rowSums((X %*% M) * X) * weight
  a <- ifelse(1 - leverage < 1e-10, 0, weight * drop(X %*% M[, of]) / sqrt(pmax(1 - leverage, 1e-300)))
  U <- cbind(X, X * weight)
  K <- rbind(cbind(M %*% crossprod(X * weight) %*% M, -M), cbind(-M, 0 * M))
  inner <- rowSums((U %*% K) * U)
  outer <- K %*% crossprod(U * a)
  sum(a^2 * (1 + inner))^2 / (sum(a^4 * (1 + 2 * inner)) + sum(outer * t(outer)))
}

rows <- data.frame()

add_row <- function(estimand, method, found, t) {
  half <- qt(1 - level / 2, found["df"]) * found["std_error"]
  rows <<- rbind(rows, data.frame(
    estimand = estimand, method = method, estimate = found["estimate"], std_error = found["std_error"], df = found["df"],
    ci_low = found["estimate"] - half, ci_high = found["estimate"] + half,
    p_value = 2 * pt(-abs(found["estimate"] / found["std_error"]), found["df"]),
    n = length(t$y), clusters = if (is.null(t$cluster)) NA else length(unique(t$cluster)), row.names = NULL))
}
