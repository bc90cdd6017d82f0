"""What is kept for how long, its removal in small batches when that is over, and what the database holds meanwhile."""
