"""Recipe templates: read, asked, expanded, and brought to newer versions."""
