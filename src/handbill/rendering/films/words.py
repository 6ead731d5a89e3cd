"""The words of a film by the field names that layouts use."""

from __future__ import annotations

from urllib.parse import urlsplit

from handbill.rendering.spec import FilmSpec


def shown_words(spec: FilmSpec, field: str) -> tuple[str, ...]:
    """What `spec` has to show for `field`; ``a|b`` means the first that is not empty."""
    for name in field.split("|"):
        if words := _words(spec, name):
            return words
    return ()


def address_of(url: str) -> str:
    """A web address as people read it: without scheme, ``www.`` and tracking."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    path = parts.path.rstrip("/")
    short = path if len(path) <= 24 else ""
    return f"{parts.netloc.removeprefix('www.')}{short}"


def _words(spec: FilmSpec, name: str) -> tuple[str, ...]:
    if name == "url":
        address = address_of(spec.url or spec.kit.url)
        return (address,) if address else ()
    found = getattr(spec.display, name, "")
    if isinstance(found, tuple):
        return tuple(word for word in found if word)
    return (found,) if found else ()
