"""Forms: JSON Schema with a UI schema, checked, shown, posted and validated. No database, no web framework."""
