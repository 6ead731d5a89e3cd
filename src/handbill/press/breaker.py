"""Whether the vendor may be asked now, while a place on its road is held."""

from __future__ import annotations

from handbill.errors import AuthRejected, ProviderError, QuotaExhausted, Unavailable
from handbill.press.rate import Lane
from handbill.store.ledger_breakers import Breakers, BreakerWord

# A closer look at a vendor under suspicion, while others are still being waited for.
_LOOK_AGAIN_S = 0.1


class Gate:
    """Joins the breakers of all processes with what this process knows for sure.

    A rejected key or an empty account is no outage and gets no probes: nothing more is sent by
    this process once the vendor has said so.
    """

    def __init__(self, breakers: Breakers) -> None:
        self._breakers = breakers
        self._final: dict[tuple[str, str], ProviderError] = {}

    def wait_s(self, provider: str, model: str, lane: Lane) -> float:
        """Seconds until the next look; 0 when the request may go out now.

        Raises:
            AuthRejected, QuotaExhausted: the vendor said so before.
            Unavailable: the vendor is taken for dead for the time being.
        """
        if final := self._final.get((provider, model)):
            raise type(final)(str(final), provider=provider, model=model)
        word = self._breakers.ask(provider, model)
        if word.verdict == "dead":
            raise _dead(provider, model, word)
        if word.verdict == "wait":
            return word.wait_s
        crowded = word.verdict == "go" and word.at_most and lane.in_flight > word.at_most
        return _LOOK_AGAIN_S if crowded else 0.0

    def unused(self, provider: str, model: str) -> None:
        """The request that had leave was not sent after all: a probe is anybody's again."""
        self._breakers.leave_probe(provider, model)

    def good(self, provider: str, model: str) -> None:
        """The vendor answered, if only with a refusal of this one request."""
        self._breakers.good(provider, model)

    def bad(self, provider: str, model: str) -> None:
        """The vendor did not answer."""
        self._breakers.bad(provider, model)

    def final(self, provider: str, model: str, fault: ProviderError) -> None:
        """Remember what no repeat can change."""
        if isinstance(fault, AuthRejected | QuotaExhausted):
            self._final[provider, model] = fault


def _dead(provider: str, model: str, word: BreakerWord) -> Unavailable:
    return Unavailable(
        f"{provider!r} ({model or 'its default model'}) did not answer again and again; left "
        f"alone for {word.wait_s:.0f} s. What was made is kept: run again later",
        provider=provider,
        model=model,
    )
