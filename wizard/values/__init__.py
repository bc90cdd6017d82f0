"""The values of a connection by the fields of its form: typed, stored, shown, and as the request that they make."""
