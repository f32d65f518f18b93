# ---- The analysis --------------------------------------------------------------------------------------------------

groups_of <- if (is.null(by)) NULL else categories(by)

for (outcome in outcomes) {
  y <- outcome_values(outcome)
  for (arm in seq_along(treated)) {
    inside <- control_arm | treated_arms[, arm]
    t <- list(y = y, z = as.numeric(treated_arms[, arm]), controls = controls)
    if (!is.null(cluster)) t$cluster <- categories(cluster)
    if (!is.null(block)) t$block <- categories(block)
    if (!is.null(weights)) t$weight <- weights
    if (!is.null(baseline)) t$before <- numbers(baseline)
    if (!is.null(complied)) t$received <- numbers(complied)
    t <- known_alike(keep_rows(t, inside), inside)
    against <- if (length(treated) > 1) paste0(", ", treated[arm], " against ", control) else ""
    intention_to_treat(t, paste0("intention to treat: ", outcome, against))
    if (!is.null(complied)) complier_effect(t, paste0("complier effect: ", outcome, against))
    for (group in unique(groups_of[inside & !is.na(groups_of)])) {
      part <- keep_rows(t, groups_of[inside] %in% group)
      answered <- table(factor(part$z[!is.na(part$y)], levels = c(0, 1)))
      if (min(answered) < 10) next                                        # groups under ten are not shown
      intention_to_treat(part, paste0("intention to treat: ", outcome, ", ", by, " = ", group, against))
    }
  }
}

print(rows, digits = 7, row.names = FALSE)
