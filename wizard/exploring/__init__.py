"""What lies behind a connection: tables, folders, files, their columns, and the first rows, which are never stored."""
