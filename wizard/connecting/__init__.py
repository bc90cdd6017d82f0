"""From the wish to the request: choose a source, fill in its form, see what it will send, send it."""
