"""A contract kit for providers of other packages: call it from your own tests.

::

    from handbill.providers.testing import check_provider

    def test_my_provider_keeps_the_contract() -> None:
        asyncio.run(check_provider(open_mine(ProviderChoice(name="mine"))))
"""

from __future__ import annotations

from handbill.providers.testing.contract import ContractBroken, check_provider

__all__ = ["ContractBroken", "check_provider"]
