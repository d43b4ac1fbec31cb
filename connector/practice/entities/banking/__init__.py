"""Money between accounts: deposits, transfers, journal entries."""
