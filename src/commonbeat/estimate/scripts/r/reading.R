# ---- The data ------------------------------------------------------------------------------------------------------
# A labelled column (Stata, SPSS) keeps its codes; the labels are in its attribute "labels".

no_answer <- c("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", ".", "NULL", "null", "#NULL!",
               "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!")

read_data <- function(file) {
  kind <- tolower(tools::file_ext(file))
  if (kind %in% c("dta", "sav", "zsav")) {
    found <- if (kind == "dta") haven::read_dta(file) else haven::read_sav(file)
    return(as.data.frame(found))
  }
  if (kind %in% c("parquet", "pq")) return(as.data.frame(arrow::read_parquet(file)))
  if (kind %in% c("xlsx", "xls")) return(as.data.frame(readxl::read_excel(file, sheet = sheet, na = no_answer)))
  read_text(file)
}

read_text <- function(file) {
  first <- readLines(file, n = 3, warn = FALSE, encoding = "UTF-8")
  marks <- c(",", ";", "\t", "|")
  counts <- sapply(marks, function(mark) lengths(regmatches(first[1], gregexpr(mark, first[1], fixed = TRUE))))
  mark <- marks[which.max(counts)]
  found <- read.csv(file, sep = mark, header = FALSE, colClasses = "character", na.strings = no_answer, quote = "\"",
                    fileEncoding = "UTF-8-BOM", strip.white = TRUE, blank.lines.skip = TRUE, comment.char = "")
  qualtrics <- which(grepl("ImportId", first, fixed = TRUE))   # its export has two or three rows of names
  names(found) <- unlist(found[1, ])
  found <- found[-seq_len(max(1, qualtrics)), , drop = FALSE]
  found[] <- lapply(found, as_typed)
  rownames(found) <- NULL
  found
}

as_typed <- function(x) {
  if (any(grepl("^[+-]?0[0-9]", x))) return(x)                # 007 is a name for somebody, not a number
  for (mark in c(".", ",")) {
    found <- suppressWarnings(type.convert(x, as.is = TRUE, dec = mark))
    if (!is.character(found)) return(found)
  }
  if (all(tolower(x) %in% c("true", "false", NA))) return(tolower(x) == "true")
  x
}

data <- read_data(file)
n_rows <- nrow(data)

labels_of <- function(x) attr(x, "labels", exact = TRUE)

column <- function(name) {
  if (!name %in% names(data)) stop("The file has no column ", name)
  x <- data[[name]]
  labels <- labels_of(x)
  plain <- if (is.factor(x)) as.character(x) else as.vector(unclass(x))
  gone <- tolower(trimws(as.character(plain))) %in% tolower(trimws(as.character(missing_values)))
  if (is.numeric(plain)) gone <- gone | plain %in% suppressWarnings(as.numeric(missing_values))
  plain[gone] <- NA
  attr(plain, "labels") <- labels
  plain
}

numbers <- function(name) as.numeric(as.vector(column(name)))

# Categories by their labels, where they have any.
categories <- function(name) {
  x <- column(name)
  labels <- labels_of(x)
  words <- as.character(as.vector(x))
  if (is.null(labels)) return(words)
  found <- names(labels)[match(as.vector(x), labels)]
  ifelse(is.na(found), words, found)
}

is_value <- function(x, wanted) {
  words <- as.character(as.vector(x))
  same <- !is.na(words) & trimws(words) == trimws(as.character(wanted))
  values <- suppressWarnings(as.numeric(words))
  value <- suppressWarnings(as.numeric(wanted))
  if (!is.na(value)) same <- same | (!is.na(values) & values == value)
  labels <- labels_of(x)
  if (!is.null(labels)) same <- same | (as.vector(x) %in% labels[names(labels) == as.character(wanted)])
  same
}
