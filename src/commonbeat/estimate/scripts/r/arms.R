# ---- The arms ------------------------------------------------------------------------------------------------------

arm_column <- column(treatment)
arm_values <- sort(unique(as.character(as.vector(arm_column)[!is.na(arm_column)])))
if (is.null(control)) control <- arm_values[tolower(arm_values) %in% c("0", "false")][1]
control_arm <- is_value(arm_column, control)
if (length(treated) == 0) treated <- unique(categories(treatment)[!is.na(arm_column) & !control_arm])
treated_arms <- sapply(treated, function(value) is_value(arm_column, value))
treated_arms <- matrix(treated_arms, nrow = n_rows)
weights <- if (is.null(weight)) NULL else numbers(weight)
