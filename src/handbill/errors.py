"""Every exception that Handbill raises on purpose, and the exit code of each.

Faults of rows and of assets are values (`Problem`, `Finding`) and never exceptions.

::

    HandbillError                        1
    ├── UserError                        2   shown without a traceback
    │   ├── SheetError                   10
    │   ├── CampaignError                11
    │   │   └── CampaignBusy             4   another run holds this campaign
    │   ├── BrandError                   12
    │   ├── TemplateError                13
    │   ├── ChannelError                 14
    │   └── SettingsError                15
    ├── RenderError                      20
    │   ├── ToolMissing                  21
    │   └── ToolStalled                  20
    ├── BundleError                      30
    │   └── StoreError                   30
    ├── BudgetExceeded                   40
    └── ProviderError                    50
        ├── Transient                        may be sent again
        │   ├── Unavailable
        │   ├── RateLimited
        │   └── BadAnswer
        ├── AuthRejected
        ├── QuotaExhausted
        ├── ContentRefused
        ├── CapabilityMissing
        ├── JobFailed                        ended unpaid; a later run may ask anew
        └── UncertainCall                    may have been paid; never sent again by itself
            ├── JobLost
            └── InBatch                      5 when nothing else is missing: to be collected

A message says what (the value, as `repr`), where (file, row, column or order key) and
what to do about it. Keys of providers never stand in a message.
"""

from __future__ import annotations

from typing import ClassVar

EXIT_MADE = 0
EXIT_BUG = 1
EXIT_USAGE = 2
EXIT_WITH_FAULTS = 3
EXIT_WAITING = 5


class HandbillError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = EXIT_BUG


class UserError(HandbillError):
    """Something in the user's files or words; shown without a traceback."""

    exit_code = EXIT_USAGE

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what, where, remedy)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  → {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{advice}"


class SheetError(UserError):
    """A sheet that cannot be read at all (single bad rows are `Problem`s)."""

    exit_code = 10


class CampaignError(UserError):
    """`campaign.toml` or its folder."""

    exit_code = 11


class CampaignBusy(CampaignError):
    """Another run holds this campaign."""

    exit_code = 4


class BrandError(UserError):
    """The brand kit: colours, fonts, logo."""

    exit_code = 12


class TemplateError(UserError):
    """A poster layout, storyboard, prompt or e-mail template."""

    exit_code = 13


class ChannelError(UserError):
    """A placement that does not exist or cannot be made yet."""

    exit_code = 14


class SettingsError(UserError):
    """Environment variables and machine settings."""

    exit_code = 15


class RenderError(HandbillError):
    """A picture, film or sound that could not be made."""

    exit_code = 20


class ToolMissing(RenderError):
    """A program or library that rendering needs is not on this machine."""

    exit_code = 21


class ToolStalled(RenderError):
    """A program that stood still and was ended: nothing is known of what it was given."""


class BundleError(HandbillError):
    """A bundle that could not be written, or does not verify."""

    exit_code = 30


class StoreError(BundleError):
    """The store could not keep a file, or what it kept is damaged.

    Attributes:
        disk_full: nothing more can be kept, so the run ends here.
    """

    def __init__(self, message: str, *, disk_full: bool = False) -> None:
        super().__init__(message)
        self.disk_full = disk_full


class BudgetExceeded(HandbillError):
    """The next call would pass a budget; what is finished is packed first."""

    exit_code = 40


class ProviderError(HandbillError):
    """A provider did not give what was asked.

    Attributes:
        provider: the provider's name, such as ``openai``.
        model: the model's name, or empty.
        paid_usd_micros: what was paid all the same, for an answer that is of no use.
    """

    exit_code = 50

    def __init__(self, message: str, *, provider: str = "", model: str = "") -> None:
        self.provider = provider
        self.model = model
        self.paid_usd_micros = 0
        super().__init__(message)


class Transient(ProviderError):
    """May succeed when sent again.

    Attributes:
        retry_after_s: the provider's own wish, if any.
        maybe_paid: the request went out and no answer can be read: sending it again may pay twice.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str = "",
        model: str = "",
        retry_after_s: float | None = None,
        maybe_paid: bool = False,
    ) -> None:
        super().__init__(message, provider=provider, model=model)
        self.retry_after_s = retry_after_s
        self.maybe_paid = maybe_paid


class Unavailable(Transient):
    """No connection, time-out, or a 5xx answer."""


class RateLimited(Transient):
    """Too many requests (429), with or without Retry-After."""


class BadAnswer(Transient):
    """An answer that cannot be read: not JSON, wrong MIME, truncated, empty."""


class AuthRejected(ProviderError):
    """The key was missing or refused."""


class QuotaExhausted(ProviderError):
    """The account has no money or quota left; sending again cannot help."""


class ContentRefused(ProviderError):
    """The provider declined to make this content."""


class CapabilityMissing(ProviderError):
    """This provider cannot do this (a locale, a size, a kind of work)."""


class JobFailed(ProviderError):
    """The vendor's job ended without a result and without a charge."""


class UncertainCall(ProviderError):
    """A call that was cut short after it was sent: nobody can tell whether it was paid.

    It stands in the ledger as ``uncertain`` and is sent again only when the user says so.
    """


class JobLost(UncertainCall):
    """A job that the vendor took has expired or vanished, or its result has.

    It may have been paid. It is asked after again, and handed in anew only when the user says so.
    """


class InBatch(UncertainCall):
    """The call was handed in with others and its answer is not here yet: collect it later."""
