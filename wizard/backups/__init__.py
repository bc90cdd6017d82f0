"""Copies of the database while everything runs, and the way back from one. The keys are never in them."""
