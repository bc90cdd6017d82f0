"""What a worker does: sends what waits, finds out what became of it, tests, and takes up what a dead one left."""
