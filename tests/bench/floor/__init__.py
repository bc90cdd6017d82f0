"""What Django itself needs: views that do next to nothing, behind the wizard's own middleware and database."""
