"""Practice on real data: what the local Flow Service does when it connects to the database that one has described.

The drivers are imported by `probe` alone, which is a process of its own for each look.
"""
