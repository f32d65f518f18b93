* ---- Columns ------------------------------------------------------------------------------------------------------

* The column of the file under a name that Stata allows: import keeps the file's own name as the variable's label.
capture program drop find_column
program define find_column
    args old new
    foreach variable of varlist _all {
        local label : variable label `variable'
        if `"`variable'"' == `"`old'"' | `"`label'"' == `"`old'"' {
            rename `variable' `new'
            exit
        }
    }
    display as error `"the file has no column `old'"'
    exit 111
end

* A column of text, without the words of other programs for no answer.
capture program drop written_text
program define written_text
    args column
    capture confirm string variable `column'
    if _rc exit
    quietly replace `column' = strtrim(`column')
    foreach word in NA N/A n/a #N/A NaN nan . NULL null #NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! {
        quietly replace `column' = "" if `column' == "`word'"
    }
end

* A cell that holds the words of a label holds its code.
capture program drop column_word
program define column_word
    args column word code
    capture confirm string variable `column'
    if !_rc quietly replace `column' = `"`code'"' if strtrim(`column') == `"`word'"'
end

* Numbers written as text, with the decimal mark of their column; what sets thousands apart goes.
capture program drop numbers_of
program define numbers_of
    args new column
    local decimal : char `column'[decimal]
    tempvar text
    quietly generate strL `text' = subinstr(subinstr(strtrim(`column'), " ", "", .), ustrunescape("\u00a0"), "", .)
    quietly replace `text' = subinstr(subinstr(`text', char(39), "", .), ustrunescape("\u2212"), "-", .)
    if "`decimal'" == "," {
        quietly replace `text' = subinstr(subinstr(`text', ".", "", .), ",", ".", .)
    }
    else quietly replace `text' = subinstr(`text', ",", "", .)
    quietly generate double `new' = real(`text')
end

* A column of numbers.
capture program drop written_number
program define written_number
    args column
    capture confirm string variable `column'
    if _rc exit
    tempvar number
    numbers_of `number' `column'
    drop `column'
    rename `number' `column'
end

* A column of truth values: 1 and 0.
capture program drop written_truth
program define written_truth
    args column
    capture confirm string variable `column'
    if _rc exit
    tempvar truth
    quietly generate byte `truth' = cond(lower(strtrim(`column')) == "true", 1, cond(lower(strtrim(`column')) == "false", 0, .))
    drop `column'
    rename `truth' `column'
    label define truth_labels 0 "False" 1 "True", replace
    label values `column' truth_labels
end

* Answers that mean no answer become missing.
capture program drop no_answer
program define no_answer
    args column value
    capture confirm string variable `column'
    if !_rc {
        quietly replace `column' = "" if ustrlower(strtrim(`column')) == ustrlower(`"`value'"')
        if real(`"`value'"') < . quietly replace `column' = "" if real(`column') == real(`"`value'"')
        exit
    }
    local labels : value label `column'
    if "`labels'" != "" {
        tempvar words
        quietly decode `column', generate(`words')
        quietly replace `column' = . if ustrlower(strtrim(`words')) == ustrlower(`"`value'"')
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
    if !_rc numbers_of `new' `column'
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
