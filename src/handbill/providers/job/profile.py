"""What a profile may say: how a service takes a job, tells its state and hands out the result."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from handbill.errors import CampaignError

_FOLDER = files("handbill.providers.job") / "profiles"
_Paths = tuple[str, ...]
_Ratio = Annotated[str, Field(pattern=r"^\d+:\d+$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(_Part):
    """Where the service is.

    Attributes:
        base_url: without a slash at its end.
        key: reference to the key when the campaign names none, or empty.
        headers: of every request to `base_url`; ``{key}`` is the key.
        result_hosts: hosts that results may be fetched from, ``*.example.com`` for all below.
    """

    base_url: Annotated[str, Field(pattern=r"^https?://[^/]+.*[^/]$")]
    key: str = ""
    headers: dict[str, str] = {}
    result_hosts: tuple[str, ...] = ()


class Submit(_Part):
    """How a job is handed in: ``POST`` to `path`.

    Attributes:
        path: below `base_url`; ``{model}`` is the model's name.
        path_with_image: the path for requests with a picture, where it is another one.
        encoding: ``json`` or ``multipart``.
        id: path of the job's id in the answer.
        extra: path of the table in the body that the campaign's own parameters go to.
        body: the request, with placeholders: ``{prompt}``, ``{model}``, ``{shape}``,
            ``{duration_s}``, ``{width_px}``, ``{height_px}``, ``{seed}``; for music ``{mood}``
            and ``{bpm}`` in place of the prompt, shape and size.
        with_image: path in the body → what is put there for a picture: ``{image}`` is its data
            URL, ``{image_base64}`` its bytes. Without any, pictures are not taken.
        durations_s: lengths that the service makes, in seconds.
        shapes: ratio of the sides → the service's word for it.
    """

    path: str
    path_with_image: str = ""
    encoding: Literal["json", "multipart"] = "json"
    id: str
    extra: str = ""
    body: dict[str, Any]
    with_image: dict[str, Any] = {}
    durations_s: tuple[Annotated[int, Field(ge=1, le=600)], ...] = ()
    shapes: dict[_Ratio, str] = {}


class Words(_Part):
    """The service's words for a job's state; an empty word stands for a missing one."""

    running: tuple[str, ...]
    succeeded: Annotated[tuple[str, ...], Field(min_length=1)]
    failed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()


class Poll(_Part):
    """How a job is asked after: ``GET`` of `path`.

    Attributes:
        path: below `base_url`; ``{id}`` is the job's id, ``{app}`` the model's first two parts.
        id: path of the id in the answer, which must be the job's own; empty where there is none.
        status: path of the word.
        first_s, every_s: waits before the first question and between two.
        deadline_s: a run waits for a job for this long; a later run asks on.
    """

    path: str
    id: str = ""
    status: str
    words: Words
    first_s: Annotated[float, Field(ge=0, le=600)] = 5.0
    every_s: Annotated[float, Field(gt=0, le=600)] = 5.0
    deadline_s: Annotated[float, Field(gt=0, le=86_400)] = 900.0


class Result(_Part):
    """Where the result is.

    Attributes:
        document: path of another document to fetch first, where the state's own has no result.
        url: paths of an address in it; the first that holds one counts.
        base64: paths of the bytes themselves.
        path: path below `base_url` that answers with the bytes.
    """

    document: str = ""
    url: _Paths = ()
    base64: _Paths = ()
    path: str = ""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not (self.url or self.base64 or self.path):
            message = "a result needs url, base64 or path"
            raise ValueError(message)
        return self


class Trouble(_Part):
    """How faults are told.

    Attributes:
        code, message: paths of both, in answers of every kind; the first that hold text count.
        failed_when, refused_when: paths that hold something only when a job ended so, whatever
            its word says.
        refused_words: parts of a code or message that mean: this content is not made.
        quota_words: parts of a code or message that mean: no money or quota is left.
        refused_is_charged: whether a job that was refused is paid all the same.
    """

    code: _Paths = ()
    message: _Paths = ()
    failed_when: _Paths = ()
    refused_when: _Paths = ()
    refused_words: tuple[str, ...] = ()
    quota_words: tuple[str, ...] = ()
    refused_is_charged: bool = False


class Meter(_Part):
    """What a job used, beside ``second`` (of film) which is always counted.

    Attributes:
        units: unit → path of a number in the last document.
        at_most_per_second: unit → the most that a second of film uses.
        cost_usd: path of the cost in US dollars, where the service tells it.
    """

    units: dict[str, str] = {}
    at_most_per_second: dict[str, Annotated[float, Field(ge=0)]] = {}
    cost_usd: str = ""


class Profile(_Part):
    """One service; see the attributes of its parts. `licence` is the line of its music's terms."""

    title: str
    makes: Literal["video", "image", "music"] = "video"
    licence: str = ""
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    unconfirmed: tuple[str, ...] = ()
    default_model: str = ""
    server: Server
    submit: Submit
    poll: Poll
    result: Result
    trouble: Trouble = Trouble()
    meter: Meter = Meter()


def profile_names() -> tuple[str, ...]:
    """The profiles that come with Handbill, sorted."""
    found = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def read_profile(name: str) -> Profile:
    """The profile `name`: one that comes with Handbill, or the path of a ``.toml`` file.

    Raises:
        CampaignError: there is none, or it does not say what a profile must say.
    """
    text = _text(name)
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise _faulty(name, f"is not TOML: {fault}") from None
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise _faulty(name, f"has a fault at {place or 'its top'!r}: {first['msg']}") from None


def _text(name: str) -> str:
    if name in profile_names():
        return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    if not name.endswith(".toml"):
        known = ", ".join(profile_names())
        raise _faulty(name, "is not known", f"write one of {known}, or the path of a .toml file")
    try:
        return Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise _faulty(name, f"cannot be read ({type(fault).__name__})") from None


def _faulty(name: str, what: str, remedy: str = "") -> CampaignError:
    return CampaignError(
        f"the profile {name!r} {what}",
        where="[providers] job",
        remedy=remedy or "the page on providers shows how a profile is written",
    )
