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
  if (kind %in% c("xlsx", "xls")) {
    found <- as.data.frame(readxl::read_excel(file, sheet = sheet, na = no_answer))
    more <- if (is.null(file_layout)) 0 else file_layout$header_rows - 1       # question texts below the names
    return(if (more > 0) typed(found[-seq_len(more), , drop = FALSE]) else found)
  }
  read_text(file, if (is.null(file_layout)) guessed_layout(file) else file_layout)
}

# A text file in the encoding and with the delimiter that the layout names; columns and rows that hold nothing go.
read_text <- function(file, layout) {
  found <- read.csv(file, sep = layout$delimiter, header = FALSE, skip = layout$above, fill = TRUE, quote = "\"", comment.char = "",
                    col.names = paste0("V", seq_len(layout$cells)), colClasses = "character", na.strings = character(0),
                    fileEncoding = layout$encoding, blank.lines.skip = TRUE)
  found[] <- lapply(found, function(x) trimws(x, whitespace = "[ \t\r\n\u00a0\u2007\u2009\u202f\ufeff]"))
  found <- found[, colSums(found != "") > 0, drop = FALSE]
  found <- found[rowSums(found != "") > 0, , drop = FALSE]
  header_rows <- layout$header_rows
  if (is.null(header_rows)) {                                   # Qualtrics writes two or three rows of names
    header_rows <- max(1, which(apply(head(found, 3), 1, function(row) any(grepl("{\"ImportId\"", row, fixed = TRUE)))))
  }
  names(found) <- if (is.null(layout$names)) unlist(found[1, ]) else layout$names
  typed(found[-seq_len(header_rows), , drop = FALSE])
}

# For a file that was not there when this script was written.
guessed_layout <- function(file) {
  start <- readBin(file, "raw", 1000)
  zeros <- which(start == 0)
  encoding <- "UTF-8-BOM"
  if (length(zeros) > length(start) / 4) encoding <- if (mean(zeros %% 2) < 0.5) "UTF-16LE" else "UTF-16BE"
  else if (!all(validUTF8(readLines(file, warn = FALSE)))) encoding <- "windows-1252"
  opened <- file(file, encoding = encoding)
  on.exit(close(opened))
  first <- readLines(opened, n = 2, warn = FALSE)
  above <- as.numeric(grepl("^sep=.$", first[1]))               # a line that Excel writes
  first <- first[1 + above]
  marks <- c(",", ";", "\t", "|")
  counts <- sapply(marks, function(mark) lengths(regmatches(first, gregexpr(mark, first, fixed = TRUE))))
  mark <- marks[which.max(counts)]
  cells <- length(scan(text = first, what = "", sep = mark, quote = "\"", quiet = TRUE, na.strings = character(0)))
  list(encoding = encoding, delimiter = mark, above = above, cells = cells)
}

typed <- function(found) {
  found[] <- lapply(names(found), function(name) {
    x <- found[[name]]
    if (!is.character(x)) return(x)
    x[x %in% no_answer] <- NA
    as_typed(x, column_kinds[[name]], decimal_marks[[name]], value_labels[[name]])
  })
  rownames(found) <- NULL
  found
}

as_typed <- function(x, kind, mark, labels) {
  if (is.null(kind)) return(guessed_type(x))
  if (kind == "truth") return(tolower(x) == "true")
  if (kind == "text") return(x)
  found <- to_number(x, mark)
  words <- match(x, names(labels))                              # a box that says Checked
  ifelse(is.na(words), found, unlist(labels)[words])
}

guessed_type <- function(x) {
  if (any(grepl("^[+-]?0[0-9]", x))) return(x)                  # 007 is a name for somebody, not a number
  for (mark in c(".", ",")) {
    found <- suppressWarnings(type.convert(x, as.is = TRUE, dec = mark))
    if (!is.character(found)) return(found)
  }
  if (all(tolower(x) %in% c("true", "false", NA))) return(tolower(x) == "true")
  x
}

# Numbers with this decimal mark; what sets thousands apart goes.
to_number <- function(x, mark = NULL) {
  x <- gsub("[ '\u2019\u00a0\u2009\u202f]", "", gsub("[\u2212\u2013]", "-", x))
  x <- if (identical(mark, ",")) gsub(",", ".", gsub(".", "", x, fixed = TRUE), fixed = TRUE) else gsub(",", "", x, fixed = TRUE)
  suppressWarnings(as.numeric(x))
}

data <- read_data(file)
n_rows <- nrow(data)
for (name in intersect(names(value_labels), names(data))) attr(data[[name]], "labels") <- unlist(value_labels[[name]])

labels_of <- function(x) attr(x, "labels", exact = TRUE)

# A column without the values that mean no answer: a number, a word, or a code whose label is such a word.
column <- function(name) {
  if (!name %in% names(data)) stop("The file has no column ", name)
  x <- data[[name]]
  labels <- labels_of(x)
  plain <- if (is.factor(x)) as.character(x) else as.vector(unclass(x))
  attributes(plain) <- NULL
  words <- tolower(trimws(as.character(missing_values)))
  wanted <- suppressWarnings(as.numeric(missing_values))
  wanted <- wanted[!is.na(wanted)]
  gone <- tolower(trimws(as.character(plain))) %in% words | suppressWarnings(as.numeric(plain)) %in% wanted
  if (!is.null(labels)) gone <- gone | plain %in% labels[tolower(trimws(names(labels))) %in% words]
  plain[gone] <- NA
  attr(plain, "labels") <- labels
  plain
}

numbers <- function(name) {
  x <- as.vector(column(name))
  if (is.character(x)) to_number(x, decimal_marks[[name]]) else as.numeric(x)
}

# Days as numbers, from dates as the column writes them or as 2024-05-31.
days <- function(x, name) {
  if (inherits(x, c("Date", "POSIXt"))) return(as.numeric(as.Date(x)))
  x <- sub("[ T][0-9]{1,2}:[0-9]{2}.*$", "", trimws(as.character(x)))
  written <- date_formats[[name]]
  found <- if (is.null(written)) as.Date(rep(NA, length(x))) else as.Date(x, written)
  found[is.na(found)] <- as.Date(x[is.na(found)], "%Y-%m-%d")
  as.numeric(found)
}

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
