"""The only reader of the environment.

| variable | means | default |
|---|---|---|
| `HANDBILL_HOME` | folder of store and ledger | `handbill` below `XDG_DATA_HOME` |
| `HANDBILL_TEMPLATES` | folder of templates | the checkout's, else the built-in |
| `HANDBILL_WORKERS` | processes that draw and cut, 1 to 64 | the machine's cores |
| `HANDBILL_ALLOWED_HOSTS` | hosts that may be fetched from, comma-separated | none |
| `HANDBILL_ON_UNCERTAIN` | calls that may have been paid: `hold`, `resend` or `ask` | `hold` |
| `HANDBILL_DAY_BUDGET_USD` | the most that providers may cost in one day (UTC) | none |
| `HANDBILL_LEDGER_URL` | ledger in PostgreSQL, `postgresql://user@host/database` | in the home |
| `HANDBILL_STORE_URL` | store that several machines share, `s3://bucket/folder` | none |
| `HANDBILL_TEST_FAILPOINT` | for tests alone: die at a named moment, `NAME:NUMBER` | never |
| `XDG_DATA_HOME` | where programs keep data | `~/.local/share` |
| `PREFECT_API_URL` | the Prefect server that `run` reports to | a temporary one |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from handbill.errors import SettingsError

_MOST_WORKERS = 64
_LOOPBACK = "127.0.0.1"

_PREFECT_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
}
# A server for one run needs none of the services that serve deployments.
_PREFECT_IDLE = ("SCHEDULER", "LATE_RUNS", "FOREMAN", "PAUSE_EXPIRATIONS", "REPOSSESSOR")
_PREFECT_TEMPORARY = {
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    # It has no pages, which alone would list all types of blocks.
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
} | {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _PREFECT_IDLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Machine settings; see the table at the top of this module."""

    home: Path
    templates: Path
    workers: int
    allowed_hosts: tuple[str, ...] = ()
    on_uncertain: str = "hold"
    day_budget_usd: Decimal | None = None
    ledger_url: str = ""
    store_url: str = ""
    test_failpoint: str = ""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (this process's environment when None).

    Raises:
        SettingsError: a value is out of range or not a number, or templates are missing.
    """
    env = os.environ if environ is None else environ
    hosts = env.get("HANDBILL_ALLOWED_HOSTS", "")
    return Settings(
        home=_home(env),
        templates=_templates(env),
        workers=_workers(env),
        allowed_hosts=tuple(host.strip().lower() for host in hosts.split(",") if host.strip()),
        on_uncertain=_on_uncertain(env),
        day_budget_usd=_day_budget(env),
        ledger_url=env.get("HANDBILL_LEDGER_URL", ""),
        store_url=env.get("HANDBILL_STORE_URL", ""),
        test_failpoint=_test_failpoint(env),
    )


def read_secret(name: str) -> str:
    """The environment variable `name`, or empty; used for keys of providers alone."""
    return os.environ.get(name, "")


def prefect_environment(
    settings: Settings, environ: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What Prefect's own variables are to be for `handbill run`, where the user set none.

    Telemetry is off and logs are short. Without `PREFECT_API_URL` a temporary server is started
    that keeps everything below Handbill's home, so that the user's own profile is not touched.
    """
    env = os.environ if environ is None else environ
    wanted = dict(_PREFECT_QUIET)
    if not names_prefect_server(env):
        wanted |= _PREFECT_TEMPORARY | {"PREFECT_HOME": str(settings.home / "prefect")}
    return {name: value for name, value in wanted.items() if name not in env}


def loopback_unproxied(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """What `NO_PROXY` is to be, so that a server on this machine is not asked through a proxy."""
    env = os.environ if environ is None else environ
    spared = env.get("no_proxy") or env.get("NO_PROXY") or ""
    if spared == "*" or _LOOPBACK in spared.split(","):
        return {}
    spared = f"{spared},{_LOOPBACK}" if spared else _LOOPBACK
    return {"NO_PROXY": spared, "no_proxy": spared}


def names_prefect_server(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the user has named a Prefect server, so that none is to be started."""
    env = os.environ if environ is None else environ
    return bool(env.get("PREFECT_API_URL"))


def set_environment(values: Mapping[str, str]) -> None:
    """Add `values` to this process's environment, for libraries that read nothing else."""
    os.environ.update(values)


def builtin_templates() -> Path:
    """The templates that come with Handbill: the checkout's, else those in the wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent.parent / "templates"
    return checkout if checkout.is_dir() else package / "_builtin" / "templates"


def _home(env: Mapping[str, str]) -> Path:
    if named := env.get("HANDBILL_HOME"):
        return Path(named).expanduser().absolute()
    data = env.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "handbill"


def _templates(env: Mapping[str, str]) -> Path:
    named = env.get("HANDBILL_TEMPLATES")
    folder = Path(named).expanduser().absolute() if named else builtin_templates()
    if not folder.is_dir():
        raise SettingsError(
            f"there is no folder {str(folder)!r} with templates",
            where="HANDBILL_TEMPLATES",
            remedy="name an existing folder, or unset the variable to use the built-in templates",
        )
    return folder


def _workers(env: Mapping[str, str]) -> int:
    named = env.get("HANDBILL_WORKERS")
    if not named:
        return os.cpu_count() or 1
    if not named.isdecimal() or not 1 <= int(named) <= _MOST_WORKERS:
        raise SettingsError(
            f"{named!r} is not a number of processes",
            where="HANDBILL_WORKERS",
            remedy=f"use a whole number from 1 to {_MOST_WORKERS}",
        )
    return int(named)


def _on_uncertain(env: Mapping[str, str]) -> str:
    policy = env.get("HANDBILL_ON_UNCERTAIN") or "hold"
    if policy not in ("hold", "resend", "ask"):
        raise SettingsError(
            f"{policy!r} is no policy for calls that may have been paid",
            where="HANDBILL_ON_UNCERTAIN",
            remedy="use hold (never send them again), resend (send them again, and pay) or ask",
        )
    return policy


def _test_failpoint(env: Mapping[str, str]) -> str:
    spot = env.get("HANDBILL_TEST_FAILPOINT", "")
    name, colon, number = spot.partition(":")
    if spot and not (name and colon and number.isdecimal()):
        raise SettingsError(
            f"{spot!r} is not a moment to die at",
            where="HANDBILL_TEST_FAILPOINT",
            remedy="leave it out: it is there for tests (NAME:NUMBER, such as ledger.sent:2)",
        )
    return spot


def _day_budget(env: Mapping[str, str]) -> Decimal | None:
    text = env.get("HANDBILL_DAY_BUDGET_USD")
    if not text:
        return None
    try:
        budget = Decimal(text)
    except InvalidOperation:
        budget = Decimal(-1)
    if not budget.is_finite() or budget < 0:
        raise SettingsError(
            f"{text!r} is not an amount of money",
            where="HANDBILL_DAY_BUDGET_USD",
            remedy="use US dollars, such as 20 or 2.50",
        )
    return budget
