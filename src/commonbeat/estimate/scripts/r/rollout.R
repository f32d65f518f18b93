# ---- The roll-out: group-time effects and their mean, by the package of Callaway and Sant'Anna ----------------------------

rows <- list()
for (outcome in outcomes) {
  first <- numbers(first_treated)
  first[is.na(first)] <- 0
  t <- data.frame(y = numbers(outcome), unit = as.integer(factor(categories(unit))), time = numbers(time), first = first)
  if (!is.null(cluster)) t$cluster <- as.integer(factor(categories(cluster)))
  t <- t[!is.na(t$y), ]
  if (!is.null(weight)) t$weight <- numbers(weight)[!is.na(numbers(outcome))]
  found <- did::att_gt(
    yname = "y", tname = "time", idname = "unit", gname = "first", data = t, xformla = ~1,
    control_group = if (control == "never treated") "nevertreated" else "notyettreated", base_period = base, bstrap = FALSE, cband = FALSE,
    weightsname = if (is.null(weight)) NULL else "weight", clustervars = if (is.null(cluster)) NULL else "cluster", alp = level)
  for (kind in c("group", "simple", "dynamic", "calendar")) {
    rows[[paste(outcome, kind)]] <- did::aggte(found, type = kind, bstrap = FALSE, cband = FALSE, na.rm = TRUE)
    print(summary(rows[[paste(outcome, kind)]]))
  }
}
