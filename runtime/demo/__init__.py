"""The demonstration: a sample week, played through a real Bookrelay into a practice company."""
