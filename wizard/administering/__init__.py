"""How admins look after organizations: their credentials, their sandboxes, and what is about to end."""
