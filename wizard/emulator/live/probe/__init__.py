"""The process that looks into a database. It alone imports drivers; nothing imports it."""
