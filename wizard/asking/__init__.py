"""What a person asks for: a connection, a draft of one, a test, a look, a choice. None of these waits for Adobe."""
