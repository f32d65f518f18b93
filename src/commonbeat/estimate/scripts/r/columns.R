# ---- What was known before treatment -------------------------------------------------------------------------------
# A number that is missing becomes the mean of all who answered, so that nobody is dropped for it; where more than a tenth are missing
# a 0/1 column says for whom. Text, truth values, and codes that all have labels become 0/1 columns, one for each category but the most frequent.

filled <- function(x) ifelse(is.na(x), mean(x, na.rm = TRUE), x)

is_categorical <- function(name) {
  x <- column(name)
  if (is.character(x) || is.logical(x)) return(TRUE)
  labels <- labels_of(x)
  values <- unique(as.vector(x)[!is.na(x)])
  length(labels) > 0 && length(values) > 0 && all(values %in% labels)
}

covariate <- function(name) {
  if (!is_categorical(name)) {
    x <- numbers(name)
    gap <- mean(is.na(x))
    if (gap == 1) return(NULL)
    return(if (gap > 0.1) cbind(filled(x), as.numeric(is.na(x))) else cbind(filled(x)))
  }
  x <- categories(name)
  kinds <- unique(x[!is.na(x)])
  counts <- sapply(kinds, function(kind) sum(x == kind, na.rm = TRUE))
  made <- sapply(kinds[-which.max(counts)], function(kind) as.numeric(!is.na(x) & x == kind))
  if (anyNA(x)) made <- cbind(made, as.numeric(is.na(x)))
  matrix(unlist(made), nrow = n_rows)
}

controls <- matrix(numeric(0), nrow = n_rows, ncol = 0)
if (!is.null(baseline)) controls <- cbind(controls, filled(numbers(baseline)))
for (name in covariates) controls <- cbind(controls, covariate(name))

outcome_values <- function(name) if (name %in% names(scales)) scale_score(scales[[name]]) else numbers(name)
