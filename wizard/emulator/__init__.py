"""A local Flow Service: a process of its own that answers as Adobe's would, for practice and for tests."""
