"""What those see who keep it running: is it alive, can it do its work, numbers, and lines of the log."""
