* ---- Columns ------------------------------------------------------------------------------------------------------

* The column of the file under a name that Stata allows: import keeps the file's own name as the variable's label.
capture program drop find_column
program define find_column
    args old new
    foreach variable of varlist _all {
        local label : variable label `variable'
        if `"`label'"' == `"`old'"' {
            rename `variable' `new'
            exit
        }
    }
    display as error `"the file has no column `old'"'
    exit 111
end

* Answers that mean no answer become missing.
capture program drop no_answer
program define no_answer
    args column value
    capture confirm string variable `column'
    if !_rc {
        quietly replace `column' = "" if lower(strtrim(`column')) == lower(`"`value'"')
        exit
    }
    if real(`"`value'"') < . quietly replace `column' = . if `column' == real(`"`value'"')
end

* 1 where the column holds the value, by its code or by its label.
capture program drop is_value
program define is_value
    args new column value
    quietly generate byte `new' = 0
    capture confirm string variable `column'
    if !_rc {
        quietly replace `new' = 1 if strtrim(`column') == `"`value'"'
        if real(`"`value'"') < . quietly replace `new' = 1 if real(`column') == real(`"`value'"')
        exit
    }
    if real(`"`value'"') < . quietly replace `new' = 1 if `column' == real(`"`value'"')
    local labels : value label `column'
    if "`labels'" != "" {
        tempvar words
        quietly decode `column', generate(`words')
        quietly replace `new' = 1 if `words' == `"`value'"'
    }
end

* The column as numbers.
capture program drop as_number
program define as_number
    args new column
    capture confirm string variable `column'
    if !_rc quietly generate double `new' = real(`column')
    else quietly generate double `new' = `column'
end

* What was known before treatment, complete: a missing number becomes the mean, and where more than a tenth are missing a column says for whom.
* Text and labelled codes become one column for each category. All new columns begin with the prefix.
capture program drop known_before
program define known_before
    args prefix column
    local labels ""
    capture confirm string variable `column'
    local text = !_rc
    if !`text' local labels : value label `column'
    if `text' | "`labels'" != "" {
        quietly tabulate `column', generate(`prefix'_) missing
        exit
    }
    quietly generate double `prefix'_1 = `column'
    quietly summarize `column'
    quietly replace `prefix'_1 = r(mean) if missing(`prefix'_1)
    quietly count if missing(`column')
    if r(N) / _N > 0.1 quietly generate byte `prefix'_2 = missing(`column')
end
