"""Names for files: ``[a-z0-9-]{1,60}``, never reserved, never a path."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_SLUG_CHARS = 60
_FOREIGN = re.compile(r"[^a-z0-9]+")
# Names that Windows keeps for devices, with or without a suffix.
_RESERVED = re.compile(r"^(con|prn|aux|nul|conin|conout|clock|com\d|lpt\d)$")
_SPELLED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l",
                          "þ": "th", "ı": "i"})  # fmt: skip


def slug_of(*texts: str) -> str:
    """A slug from the first text that gives one; ``brief`` when none does."""
    return next((slug for text in texts if (slug := _slug(text))), "brief")


def id_of(product: str) -> str:
    """An id made from a product's name: its slug when that says it all, else with a digest."""
    slug = slug_of(product)
    plain = re.sub(r"[\s_-]+", "-", product.strip().lower())
    if slug == plain:
        return slug
    known = unicodedata.normalize("NFC", product.strip())
    mark = hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug[:40].rstrip('-')}-{mark}"


def _slug(text: str) -> str:
    lowered = text.lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    slug = _FOREIGN.sub("-", plain.lower()).strip("-")[:MAX_SLUG_CHARS].rstrip("-")
    return f"{slug}-item" if _RESERVED.match(slug) else slug
