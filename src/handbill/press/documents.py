"""The documents of an order: its e-mail as HTML and as text, with the headers it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from handbill.domain.asset import Origin, StoredFile
from handbill.domain.brandkit import BrandKit
from handbill.domain.copy import Copy
from handbill.domain.order import Medium, Order
from handbill.marking import label_words
from handbill.press.specs import link_of, makes

_MIMES = {"email.html": "text/html", "email.txt": "text/plain", "headers.txt": "text/plain"}


class DocumentAsk(Protocol):
    """What documents are made from; `media.FinishAsk` is one."""

    @property
    def folder(self) -> Path:
        """Where the files go, beside the pictures that they show."""
        ...

    @property
    def order(self) -> Order:
        """What they are for."""
        ...

    @property
    def kit(self) -> BrandKit:
        """Whose."""
        ...

    @property
    def copy(self) -> Copy:
        """What they say."""
        ...

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Files that are in the folder already."""
        ...

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Medium → how its files came to be."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """AI label profiles."""
        ...

    @property
    def templates(self) -> Path:
        """The folder of all templates."""
        ...


def write_documents(ask: DocumentAsk) -> tuple[StoredFile, ...]:
    """Draw the documents of an order into its folder; none where its placement takes none.

    Raises:
        TemplateError: the e-mail's template cannot be used.
    """
    if not makes(ask.order, "document"):
        return ()
    from handbill.rendering.documents.email import (  # noqa: PLC0415 - few orders need it
        EmailSpec,
        Hero,
        draw_email,
    )

    picture = next((file for file in ask.files if file.medium is Medium.IMAGE), None)
    order, medium = ask.order, Medium.DOCUMENT
    hero = None
    if picture is not None:
        hero = Hero(
            name=picture.name,
            width_px=picture.width_px,
            height_px=picture.height_px,
            alt=ask.copy.alt_text,
        )
    spec = EmailSpec(
        copy=ask.copy,
        kit=ask.kit,
        palette=ask.kit.palette_for(order.account),
        locale=order.locale,
        link=link_of(order, ask.kit),
        hero=hero,
        account=order.account,
        variant=order.variant,
        ai_label=label_words(ask.labels, order.locale, medium, ask.origins[medium].ai),
    )
    drawn = draw_email(spec, ask.templates)
    headers = "".join(f"{name}: {value}\n" for name, value in drawn.headers.items())
    texts = {"email.html": drawn.html, "email.txt": drawn.text, "headers.txt": headers}
    return tuple(_written(ask.folder, name, text) for name, text in texts.items())


def _written(folder: Path, name: str, text: str) -> StoredFile:
    data = text.encode()
    (folder / name).write_bytes(data)
    return StoredFile(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        mime=_MIMES[name],
        medium=Medium.DOCUMENT,
    )
