# ---- The panel: within people, across people, and what lies between ------------------------------------------------------

for (outcome in outcomes) {
  t <- data.frame(y = numbers(outcome), x = numbers(exposure), person = categories(person), wave = categories(time))
  t$weight <- if (is.null(weight)) 1 else numbers(weight)
  t$cluster <- if (is.null(cluster)) t$person else categories(cluster)
  t <- t[!is.na(t$y) & !is.na(t$x), ]
  waves <- sort(unique(t$wave))[-1]
  about <- paste0(outcome, " by ", exposure)
  columns_of <- function(t) cbind(t$x, sapply(waves, function(wave) as.numeric(t$wave == wave)))
  mean_of <- function(t, x) ave(x * t$weight, t$person, FUN = sum) / ave(t$weight, t$person, FUN = sum)
  weight_of <- function(t) if (is.null(weight)) NULL else t$weight

  repeated <- t[ave(t$y, t$person, FUN = length) > 1, ]
  columns <- columns_of(repeated)
  means <- apply(columns, 2, function(x) mean_of(repeated, x))
  within <- regress(repeated$y - mean_of(repeated, repeated$y), columns - means, weight_of(repeated), repeated$cluster, of = 1)
  add_row(paste0("within person: ", about), "person and wave fixed effects", within, repeated)
  across <- regress(t$y, cbind(1, columns_of(t)), weight_of(t), t$cluster)
  add_row(paste0("across people: ", about), "least squares with waves", across, t)
  between <- regress(repeated$y, cbind(1, columns, means), weight_of(repeated), repeated$cluster, of = 2 + ncol(columns))
  add_row(paste0("between less within: ", about), "Mundlak's regression", between, repeated)
}

print(rows, digits = 7, row.names = FALSE)
