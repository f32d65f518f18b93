# Exact randomisation tests by listing every assignment, and a stepped wedge by permuting its rows of treatment.
suppressPackageStartupMessages(library(jsonlite))
share <- function(drawn, observed) mean(abs(drawn) >= abs(observed) * (1 - 1e-9))

welch <- function(y, z) (mean(y[z == 1]) - mean(y[z == 0])) / sqrt(var(y[z == 1]) / sum(z) + var(y[z == 0]) / sum(z == 0))
everybody <- function(z) t(combn(length(z), sum(z), function(chosen) replace(numeric(length(z)), chosen, 1)))

people <- read.csv("people.csv")
listed <- everybody(people$treatment)
complete <- share(apply(listed, 1, function(z) welch(people$outcome, z)), welch(people$outcome, people$treatment))
tested <- people$outcome - 0.5 * people$treatment
shifted <- share(apply(listed, 1, function(z) welch(tested, z)), welch(tested, people$treatment))

# Blocks: differences weighted by the blocks' sizes.
blocks <- read.csv("blocks.csv")
of_blocks <- function(y, z) {
  parts <- sapply(split(data.frame(y, z), blocks$block), function(b) {
    c(nrow(b), mean(b$y[b$z == 1]) - mean(b$y[b$z == 0]),
      var(b$y[b$z == 1]) / sum(b$z) + var(b$y[b$z == 0]) / sum(b$z == 0))
  })
  w <- parts[1, ] / sum(parts[1, ])
  sum(w * parts[2, ]) / sqrt(sum(w^2 * parts[3, ]))
}
lists <- lapply(split(blocks$treatment, blocks$block), everybody)
rows <- expand.grid(lapply(lists, function(each) seq_len(nrow(each))))
places <- split(seq_len(nrow(blocks)), blocks$block)
drawn <- apply(rows, 1, function(row) {
  z <- numeric(nrow(blocks))
  for (b in seq_along(lists)) z[places[[b]]] <- lists[[b]][row[b], ]
  of_blocks(blocks$outcome, z)
})
blocked <- share(drawn, of_blocks(blocks$outcome, blocks$treatment))

# Clusters: difference in means with the clusters' CR2 standard error from clubSandwich.
towns <- read.csv("towns.csv")
of_towns <- function(z) {
  towns$z <- z
  fit <- lm(outcome ~ z, towns)
  coef(fit)[["z"]] / sqrt(clubSandwich::vcovCR(fit, towns$cluster, "CR2")["z", "z"])
}
arms <- tapply(towns$treatment, towns$cluster, mean)
listed <- everybody(arms)
drawn <- apply(listed, 1, function(z) of_towns(z[match(towns$cluster, names(arms))]))
clustered <- share(drawn, of_towns(towns$treatment))

# Stepped wedge: the rows of treatment by period change clusters.
wedge <- read.csv("wedge.csv")
of_wedge <- function(z) {
  fit <- lm(outcome ~ z + factor(period), data.frame(wedge, z = z))
  columns <- model.matrix(fit)
  bread <- solve(crossprod(columns))
  scores <- rowsum(columns * residuals(fit), wedge$cluster)
  coef(fit)[["z"]] / sqrt((bread %*% crossprod(scores) %*% bread)["z", "z"])
}
paths <- tapply(wedge$treatment, list(wedge$cluster, wedge$period), mean)
paths[is.na(paths)] <- 0 # the one cluster that was not asked in a period had not crossed over by then
orders <- as.matrix(expand.grid(rep(list(seq_len(nrow(paths))), nrow(paths))))
orders <- orders[apply(orders, 1, function(o) !anyDuplicated(o)), ]
spots <- cbind(match(wedge$cluster, rownames(paths)), match(wedge$period, colnames(paths)))
drawn <- apply(orders, 1, function(o) of_wedge(paths[o, ][spots]))
stepped <- share(drawn, of_wedge(wedge$treatment))

cat(toJSON(list(complete = complete, shifted = shifted, blocked = blocked, clustered = clustered, wedge = stepped,
                wedge_estimate = coef(lm(outcome ~ treatment + factor(period), wedge))[["treatment"]]),
           digits = NA, auto_unbox = TRUE))
