"""Foreign JSON Schema made harmless, and applied: what is left is valid, bounded, and costs linear time. Pure."""
