"""What long tables share: filters in the URL, pages without a count, saved views, and exports."""
