"""Where a request asks to be sent on to."""


def ours(address: str) -> str:
    """The address if it is a page of ours, else ""; a link from elsewhere must not lead on to another site."""
    local = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if local else ""
