# Raking by survey::rake.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})
people <- read.csv("people.csv")
margins <- read.csv("margins.csv")
n <- nrow(people)
people$start <- people$start / mean(people$start)
target <- function(column) {
  rows <- margins[margins$column == column, ]
  setNames(data.frame(rows$category, rows$share * n), c(column, "Freq"))
}
columns <- unique(margins$column)
design <- svydesign(ids = ~1, weights = ~start, data = people)
raked <- rake(design, lapply(columns, function(column) as.formula(paste0("~", column))), lapply(columns, target),
              control = list(maxit = 5000, epsilon = 1e-11))
cat(jsonlite::toJSON(list(raked = unname(weights(raked))), digits = NA, auto_unbox = TRUE))
