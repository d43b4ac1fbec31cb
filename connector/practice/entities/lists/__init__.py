"""Records that transactions refer to: people, accounts, items, the company, small lists."""
