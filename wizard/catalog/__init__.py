"""Which sources exist and how one authenticates to each: data in specs/, one file a source. Imports no Django."""
