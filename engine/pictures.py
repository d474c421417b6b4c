"""How large a picture claims to be, read from its header: small files can unfold to more than a memory holds."""

import struct

# Start-of-frame segments of JPEG hold its size; the gaps among their numbers are other tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a segment


def pixels(content: bytes) -> int:
    """Width times height of a PNG or JPEG; 0 for what is no picture or names none."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width * height)
    return _jpeg(content) if content.startswith(b"\xff\xd8") else 0


def _jpeg(content: bytes) -> int:
    place = 2
    while 0 <= (place := content.find(b"\xff", place)) <= len(content) - 9:
        marker, size = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return int(width * height)
        place += 1 if marker == 0xFF else 2 if marker in _BARE or not marker else 2 + size
    return 0
