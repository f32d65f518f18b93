# Everything that metafor says about effects.csv (d, se, g, x, study).
suppressPackageStartupMessages({library(metafor); library(clubSandwich)})
dat <- read.csv("effects.csv")
tight <- list(threshold = 1e-12 * var(dat$d), maxiter = 2000, tol = 1e-12 * var(dat$d), tau2.max = 1e3 * var(dat$d))
pooled <- function(data, method, test) {
  fit <- rma(d, sei = se, data = data, method = method, test = test, control = tight)
  ahead <- predict(fit)
  out <- list(estimate = c(fit$b), se = fit$se, p = fit$pval, low = fit$ci.lb, high = fit$ci.ub, df = fit$dfs,
              tau2 = fit$tau2, q = fit$QE, qp = fit$QEp, i2 = fit$I2 / 100, h2 = fit$H2, weights = unname(weights(fit)) / 100)
  if (method != "FE") {
    out$pi_low <- ahead$pi.lb
    out$pi_high <- ahead$pi.ub
  }
  out
}
result <- list()
for (method in c("FE", "DL", "REML")) for (test in if (method == "FE") "z" else c("z", "knha", "adhoc"))
  result[[paste(method, test)]] <- pooled(dat, method, test)
for (method in c("DL", "REML")) {
  ends <- confint(rma(d, sei = se, data = dat, method = method, control = tight), control = tight)$random
  result[[paste("profile", method)]] <- list(tau2 = unname(ends[1, ]), i2 = unname(ends[3, ]) / 100, h2 = unname(ends[4, ]))
}
plain <- rma(d, sei = se, data = dat, method = "REML", control = tight)
knha <- rma(d, sei = se, data = dat, method = "REML", test = "knha", control = tight)
classic <- regtest(plain, model = "lm", predictor = "sei")
mixed <- regtest(plain, model = "rma", predictor = "sei")
line <- summary(lm(d ~ se, weights = 1 / se^2, data = dat))$coefficients
result$egger <- list(slope = line[2, 1], se = line[2, 2], stat = classic$zval, p = classic$pval)
result$egger_mixed <- list(slope = mixed$fit$b[2], se = mixed$fit$se[2], p = mixed$pval)
result$pet <- unname(summary(lm(d ~ se, weights = 1 / se^2, data = dat))$coefficients[1, ])
result$peese <- unname(summary(lm(d ~ I(se^2), weights = 1 / se^2, data = dat))$coefficients[1, ])
out <- leave1out(knha)
result$without <- list(estimate = out$estimate, se = out$se, p = out$pval, low = out$ci.lb, high = out$ci.ub, q = out$Q,
                       tau2 = out$tau2, i2 = out$I2 / 100, h2 = out$H2)
moderated <- function(formula, test, method = "REML") {
  fit <- rma(d, sei = se, mods = formula, data = dat, method = method, test = test, control = tight)
  list(b = c(fit$b)[-1], se = fit$se[-1], p = fit$pval[-1], qm = fit$QM, qmp = fit$QMp, qe = fit$QE, tau2 = fit$tau2,
       r2 = if (is.null(fit$R2)) NA else fit$R2 / 100, i2 = fit$I2 / 100, h2 = fit$H2)
}
dat$g <- relevel(factor(dat$g), ref = names(which.max(table(dat$g))))
result$groups_z <- moderated(~ g, "z")
result$groups_knha <- moderated(~ g, "knha")
result$groups_names <- levels(dat$g)
result$number_z <- moderated(~ x, "z")
result$number_knha <- moderated(~ x, "knha")
result$number_dl <- moderated(~ x, "knha", "DL")
result$by_group <- lapply(split(dat, dat$g), function(part) pooled(part, "REML", "adhoc"))
robust <- coef_test(plain, vcov = "CR2", cluster = dat$study, test = "Satterthwaite")
result$clustered <- list(estimate = robust$beta, se = robust$SE, df = robust$df_Satt, p = robust$p_Satt)
covariance <- vcalc(se^2, cluster = study, obs = seq_along(d), data = dat, rho = 0.5)
one <- lapply(unique(dat$study), function(name) {
  own <- which(dat$study == name)
  u <- (1 / dat$se[own]^2) / sum(1 / dat$se[own]^2)
  c(sum(u * dat$d[own]), sqrt(c(u %*% covariance[own, own, drop = FALSE] %*% u)))
})
result$one_per_study <- do.call(rbind, one)
cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE))
