"""Django's admin, for looking only: the rows as they are, for administrators of the installation, without a secret."""
