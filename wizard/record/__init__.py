"""What happened, by whom, from where: append-only."""
