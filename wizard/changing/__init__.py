"""Changes of a connection that exists: edited, switched on or off, deleted; and what to do when two meet."""
