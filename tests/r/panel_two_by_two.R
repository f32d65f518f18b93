suppressPackageStartupMessages(library(estimatr))
rows <- read.csv("rows.csv")
told <- function(fit) {
  name <- "group:after"
  list(estimate = fit$coefficients[[name]], std_error = fit$std.error[[name]], df = fit$df[[name]])
}
result <- list(
  people = told(lm_robust(outcome ~ group * after, data = rows, se_type = "HC2")),
  weighted = told(lm_robust(outcome ~ group * after, data = rows, weights = weight, se_type = "HC2")),
  places = told(lm_robust(outcome ~ group * after, data = rows, clusters = place, se_type = "CR2"))
)
cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE))
