"""What lies between two versions: whether the database fits this one, and one machine at a time that brings it on."""
