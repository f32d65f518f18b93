# Small tests that base R has: p.adjust, t.test against a margin, Welch's test over several means.
suppressPackageStartupMessages(library(jsonlite))
people <- read.csv("people.csv")
treated <- people$y[people$z == 1]
control <- people$y[people$z == 0]
margin <- 0.35
above <- t.test(treated, control, mu = -margin, alternative = "greater")
below <- t.test(treated, control, mu = margin, alternative = "less")
welch <- oneway.test(y ~ k, data = people)
result <- list(
  holm = p.adjust(c(0.011, 0.02, 0.04, 0.011, 0.8), "holm"),
  above = above$p.value, below = below$p.value, df = as.numeric(above$parameter),
  interval = as.numeric(t.test(treated, control, conf.level = 0.9)$conf.int),
  welch = as.numeric(welch$statistic), welch_df = as.numeric(welch$parameter), welch_p = welch$p.value,
  means = as.numeric(tapply(people$y, people$k, mean)),
  errors = as.numeric(tapply(people$y, people$k, function(y) sd(y) / sqrt(length(y)))),
  degrees = as.numeric(table(people$k)) - 1
)
cat(toJSON(result, digits = NA, auto_unbox = TRUE))
