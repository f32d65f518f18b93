# Null-imposed wild cluster bootstrap with every vector of signs, written out with lm: one refit a vector.
suppressPackageStartupMessages(library(jsonlite))
people <- read.csv("people.csv")
people$cluster <- factor(people$cluster)
clusters <- levels(people$cluster)
signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(clusters))))

t_statistic <- function(fit, data, null) {
  # CR0 by hand: X'X inverse, clusters' scores, X'X inverse.
  columns <- model.matrix(fit)
  weight <- if (is.null(weights(fit))) rep(1, nrow(columns)) else weights(fit)
  bread <- solve(t(columns) %*% (weight * columns))
  scores <- rowsum(columns * weight * residuals(fit), data$cluster)
  spread <- bread %*% t(scores) %*% scores %*% bread
  (coef(fit)[["treatment"]] - null) / sqrt(spread["treatment", "treatment"])
}

bootstrap <- function(right, data, null, weighted) {
  data$w <- if (weighted) data$weight else rep(1, nrow(data))
  full <- as.formula(paste("y ~ treatment", right))
  restricted <- as.formula(paste("taken ~ 1", right))
  data$y <- data$outcome
  data$taken <- data$outcome - null * data$treatment
  observed <- t_statistic(lm(full, data, weights = w), data, null)
  short <- lm(restricted, data, weights = w)
  drawn <- apply(signs, 1, function(v) {
    data$y <- fitted(short) + null * data$treatment + v[as.integer(data$cluster)] * residuals(short)
    t_statistic(lm(full, data, weights = w), data, null)
  })
  list(t = abs(observed), p = mean(abs(drawn) >= abs(observed) * (1 - 1e-9)))
}

# Three regressions, weighted or not, and two tested effects.
rights <- c(plain = "", covariates = "+ age + base", blocks = "+ factor(block) + age")
result <- list()
for (name in names(rights)) for (weighted in c(FALSE, TRUE)) for (null in c(0, 0.4)) {
  found <- bootstrap(rights[[name]], people, null, weighted)
  result[[length(result) + 1]] <- c(list(name = name, weighted = weighted, null = null), found)
}
# Stata's CR1 standard error of the plain regression.
fit <- lm(outcome ~ treatment + age + base, people)
stata <- sandwich::vcovCL(fit, people$cluster, type = "HC1", cadjust = TRUE)["treatment", "treatment"]
cat(toJSON(list(rows = result, stata = sqrt(stata)), digits = NA, auto_unbox = TRUE))
