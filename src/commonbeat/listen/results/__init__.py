"""What the answers to a study say: who answered, what may be shown, and the data in the forms that others read."""
