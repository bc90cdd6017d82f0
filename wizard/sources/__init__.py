"""What each organization's own catalog has: live specs, kept as they came, and what we make of them."""
