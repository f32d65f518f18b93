# Power and sample sizes of the two-sample t test, both tails, by R's own root finding.
suppressPackageStartupMessages(library(jsonlite))
cases <- read.csv("cases.csv")
power <- mapply(function(n, d, level) {
  power.t.test(n = n, delta = d, sd = 1, sig.level = level, strict = TRUE)$power
}, cases$n, cases$d, cases$level)
needed <- mapply(function(d, level) {
  ceiling(power.t.test(delta = d, sd = 1, sig.level = level, power = 0.8, strict = TRUE)$n)
}, cases$d, cases$level)
smallest <- mapply(function(n, level) {
  power.t.test(n = n, sd = 1, sig.level = level, power = 0.8, strict = TRUE, tol = 1e-10)$delta
}, cases$n, cases$level)
cat(jsonlite::toJSON(list(power = power, needed = needed, smallest = smallest), digits = NA, auto_unbox = TRUE))
