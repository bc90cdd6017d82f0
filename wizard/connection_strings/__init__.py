"""Connection strings, both ways: composed from a pattern and its parts, and read as people have them. Pure."""
