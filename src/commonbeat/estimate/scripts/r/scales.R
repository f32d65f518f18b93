# ---- Scales --------------------------------------------------------------------------------------------------------
# The mean of the items that a person answered, each with more meaning more; a person who answered too few has no score.

scale_score <- function(scale) {
  items <- sapply(scale$items, numbers)
  turned <- scale$items %in% scale$reverse
  reference <- if (scale$standardise == "control") control_arm else rep(TRUE, n_rows)
  for (j in seq_len(ncol(items))) {
    if (scale$standardise == "none") {
      if (turned[j]) items[, j] <- scale$minimum + scale$maximum - items[, j]
    } else {
      if (turned[j]) items[, j] <- -items[, j]
      known <- items[reference & !is.na(items[, j]), j]
      items[, j] <- (items[, j] - mean(known)) / sd(known)
    }
  }
  answered <- rowSums(!is.na(items))
  ifelse(answered > 0 & answered >= scale$at_least * ncol(items) - 1e-9, rowMeans(items, na.rm = TRUE), NA)
}
