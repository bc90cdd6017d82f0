"""The keys as administrators see them: what each seals, what to do next, and the sheet for the day of the loss."""
