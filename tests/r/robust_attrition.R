# Lee's bounds by his own formulas (2009, proposition 3), Imbens and Manski's interval, and weights for answering by stacked
# estimating equations whose derivative is taken numerically. Nothing here is shared with the code that it checks.
suppressPackageStartupMessages(library(jsonlite))
people <- read.csv("people.csv")
treated <- people$z == 1
answered <- !is.na(people$y)
n <- nrow(people)

rate <- c(mean(answered[!treated]), mean(answered[treated]))
share <- 1 - rate[1] / rate[2]
values <- sort(people$y[treated & answered])
count <- length(values)
kept <- (1 - share) * count
whole <- floor(kept + 1e-9)
part <- kept - whole
low_mean <- (sum(values[seq_len(whole)]) + part * values[min(whole + 1, count)]) / kept
high_mean <- (sum(rev(values)[seq_len(whole)]) + part * rev(values)[min(whole + 1, count)]) / kept
low_cut <- values[min(ceiling(kept - 1e-9), count)]
high_cut <- rev(values)[min(ceiling(kept - 1e-9), count)]
control <- people$y[!treated & answered]

kept_variance <- function(sorted, mean_kept) {
  (sum((sorted[seq_len(whole)] - mean_kept)^2) + part * (sorted[min(whole + 1, count)] - mean_kept)^2) / kept
}
bound_error <- function(sorted, mean_kept, cut) {
  people_in <- c(sum(!treated), sum(treated))
  stretch <- people_in / (people_in - 1)
  inside <- kept_variance(sorted, mean_kept) / kept + (cut - mean_kept)^2 * share / kept
  rates <- (cut - mean_kept)^2 * (1 - rate) / (people_in * rate)
  other <- mean((control - mean(control))^2) / length(control)
  parts <- stretch * c(other + rates[1], inside + rates[2])
  list(error = sqrt(sum(parts)), df = sum(parts)^2 / sum(parts^2 / (people_in - 1)))
}
low <- low_mean - mean(control)
high <- high_mean - mean(control)
found <- list(bound_error(values, low_mean, low_cut), bound_error(rev(values), high_mean, high_cut))
low_error <- found[[1]]$error
high_error <- found[[2]]$error
df <- min(found[[1]]$df, found[[2]]$df)
apart <- (high - low) / max(low_error, high_error)
widening <- uniroot(function(w) pt(w + apart, df) - pt(-w, df) - 0.95, c(1, 3), tol = 1e-13)$root

ones <- cbind(1, people$z, people$a, people$b, people$z * people$a, people$z * people$b)
logit <- glm(answered ~ z * (a + b), family = quasibinomial, weights = w, data = people, control = list(epsilon = 1e-14, maxit = 100))
start <- coef(glm(answered ~ 0 + ones, family = quasibinomial, weights = people$w, control = list(epsilon = 1e-14, maxit = 100)))
outcome <- ifelse(answered, people$y, 0)
chance <- plogis(ones %*% start)[, 1]
weighted <- people$w * answered / chance
means <- c(weighted.mean(outcome[!treated], weighted[!treated]), weighted.mean(outcome[treated], weighted[treated]))
equations <- function(theta) {
  chance <- plogis(ones %*% theta[1:6])[, 1]
  weighted <- people$w * answered / chance
  cbind(ones * (people$w * (answered - chance)), (!treated) * weighted * (outcome - theta[7]), treated * weighted * (outcome - theta[8]))
}
theta <- c(start, means)
slope <- sapply(seq_along(theta), function(at) {
  step <- 1e-5 * max(1, abs(theta[at]))
  up <- down <- theta
  up[at] <- up[at] + step
  down[at] <- down[at] - step
  (colSums(equations(up)) - colSums(equations(down))) / (2 * step)
})
influence <- -equations(theta) %*% t(solve(slope))
difference <- influence[, 8] - influence[, 7]
grouped_error <- function(unit) {
  sums <- lapply(c(FALSE, TRUE), function(arm) {
    share <- rowsum(people$w * (treated == arm), unit) / sum(people$w[treated == arm])
    rowsum(difference * (treated == arm), unit) / sqrt(1 - share)
  })
  sqrt(sum((sums[[1]] + sums[[2]])^2))
}

result <- list(
  low = low, high = high, low_error = low_error, high_error = high_error,
  interval_low = low - widening * low_error, interval_high = high + widening * high_error,
  weighted = means[2] - means[1], weighted_error = grouped_error(seq_len(n)), weighted_clustered_error = grouped_error(people$g),
  wilson = as.numeric(prop.test(sum(answered[treated]), sum(treated), correct = FALSE)$conf.int),
  gap = as.numeric(t.test(as.numeric(answered[treated]), as.numeric(answered[!treated]))$conf.int),
  chances = as.numeric(fitted(logit))[1:5]
)
cat(toJSON(result, digits = NA, auto_unbox = TRUE))
