# ---- What was known before treatment -------------------------------------------------------------------------------
# A covariate that is missing becomes the mean of all who answered, so that nobody is dropped for it; where more than a tenth are missing a 0/1 column
# says for whom. Text, truth values, and codes that all have labels become 0/1 columns, one for each category but the most frequent. A missing
# baseline becomes the mean of those compared, with a 0/1 column. What is missing otherwise in one arm than in the other is left out.

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
source_of <- character(0)
for (name in covariates) {
  made <- covariate(name)
  controls <- cbind(controls, made)
  source_of <- c(source_of, rep(name, NCOL(made) * !is.null(made)))
}

known_alike <- function(t, inside) {
  unlike <- function(name) {
    t$y <- as.numeric(is.na(column(name)[inside]))
    if (any(tapply(t$y, t$z, min) == 1)) return(TRUE)
    if (!any(t$y == 1)) return(FALSE)
    found <- plain_difference(comparable(t))
    p_value <- 2 * pt(-abs(found[["estimate"]] / found[["std_error"]]), found[["df"]])
    !is.na(p_value) && p_value < 0.01
  }
  keep <- !vapply(source_of, function(name) unlike(name), logical(1))
  if (!is.null(baseline) && unlike(baseline)) t$before <- NULL
  t$controls <- t$controls[, keep, drop = FALSE]
  t
}

with_baseline <- function(t) {
  if (is.null(t$before) || all(is.na(t$before))) return(t)
  if (anyNA(t$before)) t$controls <- cbind(as.numeric(is.na(t$before)), t$controls)
  t$controls <- cbind(filled(t$before), t$controls)
  t
}

outcome_values <- function(name) if (name %in% names(scales)) scale_score(scales[[name]]) else numbers(name)
