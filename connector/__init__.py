"""Everything that talks to an outside service; imports nothing from runtime."""
