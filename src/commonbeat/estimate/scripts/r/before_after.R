# ---- Two groups, before and after ----------------------------------------------------------------------------------------

for (outcome in outcomes) {
  t <- data.frame(y = numbers(outcome), group = numbers(group), after = numbers(after))
  t$weight <- if (is.null(weight)) 1 else numbers(weight)
  belongs <- if (is.null(cluster)) unit else cluster
  t$cluster <- if (is.null(belongs)) NA else categories(belongs)
  t <- t[!is.na(t$y) & !is.na(t$group) & !is.na(t$after), ]
  columns <- cbind(1, t$group, t$after, t$group * t$after)
  weight_of <- if (is.null(weight)) NULL else t$weight
  if (is.null(belongs)) {
    found <- regress(t$y, columns, weight_of, NULL, of = 4)
    t <- list(y = t$y)
  } else {
    found <- regress(t$y, columns, weight_of, t$cluster, of = 4)
    t <- list(y = t$y, cluster = t$cluster)
  }
  add_row(paste0("difference in differences: ", outcome), "difference in differences", found, t)
}

print(rows, digits = 7, row.names = FALSE)
