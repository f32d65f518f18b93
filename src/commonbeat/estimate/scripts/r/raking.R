# ---- Raking --------------------------------------------------------------------------------------------------------
# Margin by margin, the weights of those who answered the main outcome are multiplied until every share is the population's, none below or
# above the bounds (mean 1). A weight at a bound can come back from it. People without an answer in a column keep their share of it.

factor_for <- function(free, total) {
  held <- function(f) sum(pmin(pmax(f * free, smallest), largest)) - total
  corners <- range(c(smallest / free, largest / free))
  if (held(corners[1]) >= 0) return(corners[1])
  if (held(corners[2]) <= 0) return(corners[2])
  uniroot(held, corners, tol = 1e-14, maxiter = 10000)$root
}

rake_weights <- function(free, columns, shares) {
  for (round in 1:5000) {
    for (name in names(columns)) for (kind in names(shares[[name]])) {
      here <- columns[[name]] == kind
      free[here] <- free[here] * factor_for(free[here], shares[[name]][[kind]] * length(free))
    }
    held <- pmin(pmax(free, smallest), largest)
    off <- sapply(names(columns), function(name) {
      max(abs(tapply(held, columns[[name]], sum)[names(shares[[name]])] / length(held) - shares[[name]]))
    })
    if (max(off) < 1e-12) break
  }
  held
}

answered <- !is.na(outcome_values(outcomes[1]))
start <- (if (is.null(weights)) rep(1, n_rows) else weights)[answered]
start <- start / mean(start)
nothing <- "(no answer)"
raked_columns <- lapply(sapply(names(margins), categories, simplify = FALSE), function(x) ifelse(is.na(x), nothing, x)[answered])
shares <- sapply(names(margins), function(name) {
  left <- sum(start[raked_columns[[name]] == nothing]) / sum(start)
  given <- unlist(margins[[name]])
  given <- given / sum(given) * (1 - left)
  if (left > 0) c(given, setNames(left, nothing)) else given
}, simplify = FALSE)
weights <- rep(1, n_rows)
weights[answered] <- rake_weights(start, raked_columns, shares)
