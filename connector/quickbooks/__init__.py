"""QuickBooks Online: its client, its faults, and what they mean for a bookkeeper."""
