"""OpenAI and every server that speaks its API: copy, pictures and speech.

Nothing of the vendor's library is imported before the provider is opened.
"""

from __future__ import annotations

from handbill.domain.campaign import ProviderChoice
from handbill.providers.ports import ProviderHandle


def PROVIDER(choice: ProviderChoice) -> ProviderHandle:  # noqa: N802 - the name of an entry point
    """The provider as `choice` configures it; see `handbill.providers.openai.opening`."""
    from handbill.providers.openai.opening import open_openai  # noqa: PLC0415 - loads the SDK

    return open_openai(choice)
