"""The story of a connection: form, row, submit, outcome, history."""
