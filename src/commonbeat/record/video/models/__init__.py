"""The three models of the instrument: where people's joints are, where faces are, and whether a mouth smiles."""
