"""HTTP: parse, know who asks, call a command or a query, answer. No SQL and no SpiffWorkflow here."""
