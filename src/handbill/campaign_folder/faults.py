"""Faults of a TOML file, collected and worded for the person who wrote it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from handbill.errors import UserError

_SHOWN_CHARS = 60


def read_toml(path: Path, error: type[UserError]) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        UserError: of the given kind; the file is missing, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise error(f"there is no file {path.name!r}", where=str(path.parent),
                    remedy="create it, or correct its path") from None  # fmt: skip
    except UnicodeDecodeError as fault:
        raise error(f"the file is not UTF-8 (byte {fault.start})", where=str(path),
                    remedy="save it as UTF-8") from None  # fmt: skip
    except OSError as fault:
        raise error(f"the file cannot be read: {fault.strerror}", where=str(path),
                    remedy="check its path and permissions") from None  # fmt: skip
    except tomllib.TOMLDecodeError as fault:
        raise error(f"the file is no TOML: {_position(str(fault))}", where=str(path),
                    remedy='texts stand in quotes: key = "value"') from None  # fmt: skip


def fail_with(faults: Iterable[str], where: str, error: type[UserError], remedy: str) -> None:
    """Raise one error that names every fault, if there is any.

    Raises:
        UserError: of the given kind.
    """
    lines = list(dict.fromkeys(faults))
    if not lines:
        return
    what = lines[0] if len(lines) == 1 else f"{len(lines)} faults:\n  - " + "\n  - ".join(lines)
    raise error(what, where=where, remedy=remedy)


def worded(fault: ValidationError, model: type[BaseModel]) -> list[str]:
    """One line for each error that pydantic found: key path, what is wrong, the nearest key."""
    return [_line(dict(error), model) for error in fault.errors()]


def _line(error: dict[str, Any], model: type[BaseModel]) -> str:
    loc = tuple(part for part in error["loc"] if not _is_branch(part))
    path = ".".join(str(part) for part in loc) or "(the whole file)"
    if error["type"] == "extra_forbidden":
        return f"there is no key {path!r}{_nearest(loc, model)}"
    if error["type"] == "missing":
        return f"the key {path!r} is missing"
    reason = str(error["msg"]).removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    # Whatever stands under providers may be a key in the wrong place.
    shown_value = isinstance(error.get("input"), str | int | float | bool)
    simple = shown_value and loc[:1] != ("providers",)
    shown = f" = {str(error['input'])[:_SHOWN_CHARS]!r}" if simple else ""
    return f"{path}{shown}: {reason}"


def _is_branch(part: object) -> bool:
    """Whether a step of pydantic's path names a branch of a union, not a key."""
    return isinstance(part, str) and ("[" in part or part in {"str", "bool", "int", "float"})


def _nearest(loc: tuple[Any, ...], model: type[BaseModel]) -> str:
    known = sorted(_keys_at(loc[:-1], model))
    near = difflib.get_close_matches(str(loc[-1]), known, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; the keys are {', '.join(known)}" if known else ""


def _keys_at(path: tuple[Any, ...], model: type[BaseModel]) -> set[str]:
    """The keys that the model takes at the end of `path`."""
    if not path:
        return set(model.model_fields)
    field = model.model_fields.get(str(path[0]))
    inner = _models_in(field.annotation) if field else []
    found: set[str] = set()
    for part in inner:
        found |= _keys_at(path[1:], part)
        if len(path) > 1:  # a table of tables: the next step is the user's own name
            found |= _keys_at(path[2:], part)
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _position(fault: str) -> str:
    """The reason and the place alone: the line itself may hold a key."""
    return fault.split("\n", maxsplit=1)[0][:200]
