"""Recipe keys: each is made of what really decides one result, and of nothing else.

- Copy: the brief without its pictures, the kit's voice, locale, account, audience, variant, seed,
  the placement's text rules, phrase banks or prompts. Not fonts, colours or the canvas.
- Posters: the words shown, the canvas, the kit's look, pictures by their digest, locale, seed,
  layouts. Not tone, text rules, or where files lie.
- Films: as posters, with the spoken sentences and the storyboards. Not the placement, so that one
  canvas needs one film.

A result of the house and a result of a vendor have different keys, because they are labelled
otherwise; `refreshing` tells under which of them an order's work is looked for.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from pathlib import Path

from handbill.domain.brandkit import BrandKit, Typeface
from handbill.domain.brief import Brief, Picture
from handbill.domain.campaign import ProviderChoice
from handbill.domain.digest import canonical, digest, digest_joined, plain
from handbill.domain.order import Order
from handbill.domain.placement import ImageSpec, Placement, VideoSpec
from handbill.domain.plan import brief_content
from handbill.rendering.spec import FilmSpec, PosterSpec

# Raised when a change of the engine makes another result of the same inputs.
COPY_RECIPE = 3
POSTER_RECIPE = 11
FILM_RECIPE = 11
FINISH_RECIPE = 2

HOUSE, VENDOR = "house", "vendor"
_MOST_TOLD = 512

# Figures of a canvas that say where it was read or what is allowed, and never change a picture.
_NOT_PIXELS = {"provenance", "aspects", "aspect_range", "sizes", "min_items", "max_items"}
_NOT_PIXELS |= {"min_width_px", "min_height_px", "max_width_px", "max_height_px", "min_bytes"}
_NOT_PIXELS |= {"containers", "video_codecs", "audio_codecs", "fps_range", "min_audio_kbps"}
_NOT_PIXELS |= {"master"}


def copy_key(order: Order, kit: BrandKit, maker: str, texts_digest: str) -> str:
    """The key of one order's copy.

    Args:
        order: what the copy is for.
        kit: its voice counts, its look does not.
        maker: see `maker_of`.
        texts_digest: over the phrase banks or prompts that the maker writes from.
    """
    brief, placement, account = order.brief, order.placement, order.account
    return digest_joined(
        [
            '"copy"',
            canonical(COPY_RECIPE),
            _told.text((id(brief),), brief, lambda: spoken_content(brief)),
            _told.text((id(kit), account), kit, lambda: voice_of(kit, account)),
            canonical([order.locale, account, order.audience, order.variant, order.seed]),
            _told.text((id(placement),), placement, lambda: text_rules(placement)),
            canonical(maker),
            canonical(texts_digest),
        ]
    )


class _Told:
    """Canonical texts of what neighbouring orders share, by the identity of what they tell of."""

    def __init__(self) -> None:
        self._texts: dict[tuple[object, ...], tuple[object, str]] = {}

    def text(self, key: tuple[object, ...], owner: object, content: Callable[[], object]) -> str:
        """The text of `content`, made once while `owner` is among the last ones asked for."""
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) >= _MOST_TOLD:
                self._texts.clear()
            # The owner is held, so that no other object can get its identity meanwhile.
            found = self._texts[key] = (owner, canonical(content()))
        return found[1]


_told = _Told()


def poster_key(spec: PosterSpec, look: str, layouts_digest: str, maker: str) -> str:
    """The key of one poster; `look` is `look_of` the kit, `maker` that of its background.

    The background's own bytes are left out: asking a vendor for it may cost money, and the key is
    what tells whether that is needed.
    """
    return digest(["poster", POSTER_RECIPE, _picture_content(spec), look, layouts_digest, maker])


def film_key(spec: FilmSpec, look: str, storyboards_digest: str, makers: Mapping[str, str]) -> str:
    """The key of one film; `makers` are those of its voice, music and clip."""
    content = _picture_content(spec) | {
        "video": [file_digest(path) for path in spec.video.splitlines()]
    }
    content["music"] = file_digest(spec.music)
    content |= {"tone": list(spec.kit.tone), "speaker": plain(spec.kit.speaker)}
    return digest(["film", FILM_RECIPE, content, look, storyboards_digest, dict(makers)])


def finish_key(order: Order, kit: BrandKit, made_from: object) -> str:
    """The key of one order's finished files.

    Args:
        order: its brief and placement are what the checks hold the files against.
        kit: its must-say and never-say lists are checked.
        made_from: the copy and the digests of everything that was drawn and cut.
    """
    return digest(
        [
            "finish",
            FINISH_RECIPE,
            spoken_content(order.brief),
            voice_of(kit, order.account),
            [order.locale, order.account, order.audience],
            plain(order.placement),
            made_from,
        ]
    )


def maker_of(choice: ProviderChoice) -> str:
    """``house``, or ``vendor`` for whoever else makes it."""
    return HOUSE if choice.name == HOUSE else VENDOR


def kind_of(capability: str, vendors: Collection[str]) -> str:
    """``vendor`` for a capability that is among `vendors`, else ``house``."""
    return VENDOR if capability in vendors else HOUSE


def spoken_content(brief: Brief) -> dict[str, object]:
    """What of a brief can be said: everything but its pictures, of which only the words count."""
    content = brief_content(brief)
    content["pictures"] = [picture.alt for picture in brief.pictures]
    return content


def voice_of(kit: BrandKit, account: str) -> dict[str, object]:
    """What of a kit can be heard or read."""
    voice = dataclasses.replace(kit.account(account), palette=None)
    names = ("name", "tone", "tagline", "hashtags", "must_say", "never_say", "legal", "url")
    return {name: plain(getattr(kit, name)) for name in names} | {"account": plain(voice)}


def look_of(kit: BrandKit) -> str:
    """Digest of what of a kit can be seen: colours, fonts and logos by their bytes, names."""
    names = ("palette", "corner_radius", "name", "tagline", "url")
    seen: dict[str, object] = {name: plain(getattr(kit, name)) for name in names}
    seen["fonts"] = [_typeface(kit.heading), _typeface(kit.body)]
    seen["logos"] = [file_digest(kit.logo), file_digest(kit.logo_on_dark)]
    return digest(seen)


def text_rules(placement: Placement) -> dict[str, object]:
    """What of a placement decides its texts; where a figure was read does not."""
    fields = {
        name: [rule.limit, rule.unit, rule.soft, rule.min_items, rule.max_items, rule.min_chars]
        for name, rule in placement.written_texts.items()
    }
    names = ("id", "kind", "makes", "hashtags_max", "link_in")
    return {name: plain(getattr(placement, name)) for name in names} | {"texts": fields}


def canvas_pixels(canvas: ImageSpec | VideoSpec) -> dict[str, object]:
    """What of a canvas decides pixels."""
    content = plain(canvas)
    assert isinstance(content, dict)  # noqa: S101 - a dataclass is always a mapping here
    return {name: value for name, value in content.items() if name not in _NOT_PIXELS}


def _picture_content(spec: PosterSpec | FilmSpec) -> dict[str, object]:
    content = {
        field.name: plain(getattr(spec, field.name))
        for field in dataclasses.fields(spec)
        if field.name
        not in {"kit", "canvas", "pictures", "background", "scene", "subject", "video"}
    }
    content["canvas"] = canvas_pixels(spec.canvas)
    content["pictures"] = [_picture(picture) for picture in spec.pictures]
    if len(spec.pictures) > 1:
        # Names and alternative texts tell which picture is before and which after.
        content["names"] = [[picture.source, picture.alt] for picture in spec.pictures]
    return content


def _picture(picture: Picture) -> str:
    return picture.sha256 or picture.source


def _typeface(typeface: Typeface) -> list[object]:
    files = (typeface.files, typeface.others)
    return [
        typeface.family,
        typeface.weight,
        [[file_digest(one) for one in some] for some in files],
    ]


def file_digest(path: str) -> str:
    """Digest of a file's bytes; empty for none, the path itself for one that is gone."""
    if not path or not Path(path).is_file():
        return path
    state = Path(path).stat()
    return _digest_bytes(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1024)
def _digest_bytes(path: str, changed_ns: int, size_bytes: int) -> str:  # noqa: ARG001 - cache key
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def folder_digest(folder: Path, *, deep: bool = True) -> str:
    """Digest over the names and bytes of a folder's files; empty when it is missing.

    Args:
        folder: where the files lie.
        deep: also those in folders below.
    """
    if not folder.is_dir():
        return ""
    found = folder.rglob("*") if deep else folder.iterdir()
    files = sorted(path for path in found if path.is_file())
    named = [[path.relative_to(folder).as_posix(), file_digest(str(path))] for path in files]
    return digest(named)
