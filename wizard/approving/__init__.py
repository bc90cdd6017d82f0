"""What waits until another person agrees to it: creates and deletes in sandboxes that ask for that."""
