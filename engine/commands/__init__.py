"""Every write: one command, one transaction."""
