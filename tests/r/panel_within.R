# A column for every person, then CR2 by person: what taking person means out first must give as well.
suppressPackageStartupMessages({
  library(clubSandwich)
  library(estimatr)
})
panel <- read.csv("panel.csv")
panel$cluster <- if ("cluster" %in% names(panel)) panel$cluster else panel$person
row <- function(fit, name) {
  found <- coef_test(fit, vcov = vcovCR(fit, cluster = panel$cluster, type = "CR2"), test = "Satterthwaite")
  found <- found[match(name, rownames(found)), ]
  list(estimate = found$beta, std_error = found$SE, df = found$df_Satt)
}
panel$weight <- if ("weight" %in% names(panel)) panel$weight else 1
mean_of <- function(values) ave(values * panel$weight, panel$person, FUN = sum) / ave(panel$weight, panel$person, FUN = sum)
waves <- model.matrix(~ factor(wave), panel)[, -1, drop = FALSE]
mean_waves <- apply(waves, 2, mean_of)
mean_exposure <- mean_of(panel$exposure)
apart <- lm(outcome ~ exposure + waves + mean_exposure + mean_waves, panel, weights = weight)
fixed <- lm_robust(outcome ~ exposure + factor(wave), fixed_effects = ~person, clusters = cluster, data = panel, se_type = "CR2")
result <- list(
  within = row(lm(outcome ~ exposure + factor(wave) + factor(person), panel, weights = weight), "exposure"),
  across = row(lm(outcome ~ exposure + factor(wave), panel, weights = weight), "exposure"),
  apart = row(apart, "mean_exposure"),
  estimatr = list(estimate = unname(fixed$coefficients["exposure"]), std_error = unname(fixed$std.error["exposure"]))
)
cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE))
