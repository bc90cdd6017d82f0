"""The next steps of a connection: as requests to take away, and as what is made from here."""
