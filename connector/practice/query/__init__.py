"""QuickBooks' query language, from text to rows."""
