"""What happened, as a table: who did what, when, from where, and how it ended."""
