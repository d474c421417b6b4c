"""Word documents from templates and data: pure, no database, no clock, no network."""
