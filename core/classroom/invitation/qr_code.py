"""An address as a QR code."""

from __future__ import annotations

import segno

# ISO/IEC 18004: four modules of quiet around the code, and 15 % of it may be covered or glare.
_QUIET_MODULES, _CORRECTION = 4, "m"


def qr_picture(address: str) -> str:
    """A data URI of an SVG picture; black on white, which cameras read in a dark theme too."""
    code = segno.make(address, error=_CORRECTION, micro=False)
    return code.svg_data_uri(border=_QUIET_MODULES, dark="black", light="white", omitsize=True)
