* ---- Estimators ---------------------------------------------------------------------------------------------------

* The difference between arms: HC2 with adjusted degrees of freedom (Stata 18), clustered where clusters were assigned.
* Controls and blocks are centred at their (weighted) means and interacted with treatment (Lin 2013). Common Beat leaves the interactions out
* where an arm has too few units for them, and compares pairs where a block has one unit of each arm; this script does neither.
* Weighted without clusters, rows are multiplied by the root of their weight first: with weights Stata's own HC2 uses another hat matrix.
* Weighted with clusters, Stata's ordinary clustered errors (CR1) are given: they are a little too small with few clusters.
capture program drop effect
program define effect
    syntax varlist(min=2 max=2 numeric), title(string) [controls(varlist numeric) block(varname) cluster(varname) weight(varname) only(integer -1)]
    tokenize `varlist'
    local y `1'
    local z `2'
    preserve
    quietly keep if !missing(`y') & !missing(`z')
    if `only' != -1 quietly keep if group_code == `only'
    quietly recast double `z'
    if "`block'" != "" {
        tempvar lowest highest
        quietly bysort `block': egen byte `lowest' = min(`z')
        quietly bysort `block': egen byte `highest' = max(`z')
        quietly drop if `lowest' == `highest'
        quietly tabulate `block', generate(in_block_)
        unab blocks : in_block_*
        gettoken first blocks : blocks
        local controls `controls' `blocks'
    }
    tempvar w one
    quietly generate double `w' = 1
    if "`weight'" != "" quietly replace `w' = `weight'
    quietly summarize `w'
    quietly replace `w' = `w' / r(mean)
    quietly generate double `one' = 1
    local right `z' `one'
    local place 0
    foreach control of local controls {
        local place = `place' + 1
        quietly summarize `control' [aweight = `w']
        quietly generate double centred_`place' = `control' - r(mean)
        local right `right' centred_`place'
        quietly generate double times_`place' = centred_`place' * `z'
        local right `right' times_`place'
    }
    display _newline as text `"`title'"'
    if "`weight'" != "" & "`cluster'" != "" {
        regress `y' `right' [pweight = `w'], noconstant vce(cluster `cluster')
    }
    else if "`cluster'" != "" {
        regress `y' `right', noconstant vce(hc2 `cluster', dfadjust)
    }
    else {
        foreach variable of varlist `y' `right' {
            quietly replace `variable' = `variable' * sqrt(`w')
        }
        regress `y' `right', noconstant vce(hc2, dfadjust)
    }
    restore
end
