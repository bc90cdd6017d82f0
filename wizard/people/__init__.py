"""People: who may sign in, their role, and the first run."""
