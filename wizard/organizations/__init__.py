"""Which Adobe organizations and sandboxes we work for, and their API credentials."""
