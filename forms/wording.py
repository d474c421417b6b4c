"""Marking sentences for translation; `forms/locale` holds the Indonesian ones."""


def N_(text: str) -> str:  # noqa: N802 (the usual name)
    """Mark a sentence for translation where it is only stored."""
    return text
