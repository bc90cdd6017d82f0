"""What the rooms tell of themselves while they work: counts for Prometheus, and spans where traces are set up."""
