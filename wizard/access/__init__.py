"""Who may do what: roles in organizations and sandboxes, and the questions that every page asks of them."""
