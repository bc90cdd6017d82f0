"""From an authSpec to a form, and from what was typed there to auth.params. Nothing here knows a source by name."""
