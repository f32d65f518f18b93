# ---- Raking --------------------------------------------------------------------------------------------------------
# Margin by margin, the weights of those who answered the main outcome are multiplied until every share is the population's, none below or
# above the bounds (mean 1). A weight at a bound can come back from it.

factor_for <- function(free, total) {
  held <- function(f) sum(pmin(pmax(f * free, smallest), largest)) - total
  corners <- range(c(smallest / free, largest / free))
  if (held(corners[1]) >= 0) return(corners[1])
  if (held(corners[2]) <= 0) return(corners[2])
  uniroot(held, corners, tol = 1e-14, maxiter = 10000)$root
}

rake_weights <- function(start, columns) {
  free <- start / mean(start)
  for (round in 1:5000) {
    for (name in names(columns)) for (kind in names(margins[[name]])) {
      here <- columns[[name]] == kind
      free[here] <- free[here] * factor_for(free[here], margins[[name]][[kind]] / total_of(name) * length(free))
    }
    held <- pmin(pmax(free, smallest), largest)
    off <- sapply(names(columns), function(name) max(abs(
      tapply(held, columns[[name]], sum)[names(margins[[name]])] / length(held) - unlist(margins[[name]]) / total_of(name))))
    if (max(off) < 1e-12) break
  }
  held
}

total_of <- function(name) sum(unlist(margins[[name]]))

raked_columns <- sapply(names(margins), categories, simplify = FALSE)
answered <- !is.na(outcome_values(outcomes[1])) & Reduce(`&`, lapply(raked_columns, function(x) !is.na(x)))
raked <- rake_weights((if (is.null(weights)) rep(1, n_rows) else weights)[answered], lapply(raked_columns, function(x) x[answered]))
weights <- rep(mean(raked), n_rows)
weights[answered] <- raked
