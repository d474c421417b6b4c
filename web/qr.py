"""QR codes of addresses, for phones: as text for a terminal, as a drawing for a page."""

import io

from markupsafe import Markup


def terminal(address: str) -> str:
    """Lines of blocks."""
    import segno  # slow to import, and most servers draw none

    lines = io.StringIO()
    segno.make_qr(address).terminal(lines, border=2, compact=True)
    return lines.getvalue()


def drawing(address: str) -> Markup:
    """An SVG element, dark on light in every colour scheme, as cameras need it."""
    import segno

    svg = segno.make_qr(address).svg_inline(scale=6, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return Markup(svg)  # noqa: S704 - segno draws; the address is only in the pattern
