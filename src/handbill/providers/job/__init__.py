"""Services that take a job, are asked after it, and hand out a file: one adapter, many profiles.

Nothing of it is imported before the provider is opened.
"""

from __future__ import annotations

from handbill.domain.campaign import ProviderChoice
from handbill.providers.ports import ProviderHandle


def PROVIDER(choice: ProviderChoice) -> ProviderHandle:  # noqa: N802 - the name of an entry point
    """The provider as `choice` configures it; see `handbill.providers.job.opening`."""
    from handbill.providers.job.opening import open_job  # noqa: PLC0415 - loads pydantic and HTTP

    return open_job(choice)
