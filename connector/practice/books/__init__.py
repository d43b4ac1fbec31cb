"""The books of a company: SQLite, records and changes, names, the ledger."""
