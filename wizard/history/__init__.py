"""What people see of the connections: home, the history, and one connection with all that happened to it."""
