"""What would change a result: screening, Sobol' indices, and the values at which the answer changes its sign."""
