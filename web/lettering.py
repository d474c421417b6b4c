"""Where a label breaks into lines. There is no font on the server: widths are estimates for a plain sans-serif."""

NARROW = frozenset("ijlItf.,:;'!|()[]/ ")
WIDE = frozenset("mwMW@%")


def width(text: str, size: float) -> float:
    """How wide `text` is, in pixels, at a font size."""
    ems = sum(0.3 if c in NARROW else 0.88 if c in WIDE else 0.68 if c.isupper() else 0.56 for c in text)
    return ems * size


def wrap(text: str, size: float, room: float) -> list[str]:
    """`text` in lines that are not wider than `room`; a single word may be."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
