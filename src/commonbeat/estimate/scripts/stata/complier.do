* The effect among those who take part because they were assigned to it. ivregress has no HC2: robust or clustered errors, small-sample
* corrected. The point estimate is the same; with few clusters the interval is too short.
capture program drop complier
program define complier
    syntax varlist(min=3 max=3 numeric), title(string) [controls(varlist numeric) block(varname) cluster(varname) weight(varname)]
    tokenize `varlist'
    local y `1'
    local z `2'
    local received `3'
    preserve
    quietly keep if !missing(`y') & !missing(`z') & !missing(`received')
    local blocks ""
    if "`block'" != "" {
        tempvar lowest highest
        quietly bysort `block': egen byte `lowest' = min(`z')
        quietly bysort `block': egen byte `highest' = max(`z')
        quietly drop if `lowest' == `highest'
        local blocks i.`block'
    }
    local errors vce(robust)
    if "`cluster'" != "" local errors vce(cluster `cluster')
    local weights ""
    if "`weight'" != "" local weights [pweight = `weight']
    display _newline as text `"`title'"'
    ivregress 2sls `y' `controls' `blocks' (`received' = `z') `weights', `errors' small first
    estat firststage
    restore
end
