"""What a campaign may set for this provider, read once and refused early."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from handbill.domain.campaign import ProviderChoice
from handbill.providers.job.profile import Profile, profile_names, read_profile
from handbill.providers.parameters import Given, Parameters
from handbill.providers.ports import PriceTerms, RateTerms

_OURS = ("profile", "result_hosts")
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """A choice, taken apart.

    Attributes:
        name: of the profile.
        base_url: without a slash at its end.
        key: reference to the key, or empty for servers that want none.
        result_hosts: hosts that results may be fetched from over https, beside the server itself.
        extra: further fields of the request, sent as they are.
    """

    name: str
    profile: Profile
    base_url: str
    key: str
    model: str
    result_hosts: tuple[str, ...]
    prices: PriceTerms
    rates: RateTerms
    extra: Given

    @property
    def local(self) -> bool:
        """Whether the server is this machine, where plain http is nobody else's to read."""
        return is_loopback(self.base_url)


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def parse_settings(choice: ProviderChoice) -> JobSettings:
    """The settings in `choice`.

    Raises:
        CampaignError: no such profile, an address that is none, a value of a wrong kind.
    """
    own = Parameters("job", choice.parameters)
    name = own.text("profile")
    if not name:
        known = ", ".join(profile_names())
        raise own.misfit("profile", name, f"write one of {known}, or the path of a .toml file")
    profile = read_profile(name)
    base_url = (choice.base_url or profile.server.base_url).rstrip("/")
    _check_address(own, base_url)
    model = choice.model or profile.default_model
    if not model and "{model}" in profile.submit.path:
        raise own.misfit("model", model, f"{profile.title} has no default: name the model")
    official = base_url == profile.server.base_url
    return JobSettings(
        name=name,
        profile=profile,
        base_url=base_url,
        # A key is not sent to another server than the one that it is for, unless it was named.
        key=choice.key or (profile.server.key if official else ""),
        model=model,
        result_hosts=(*profile.server.result_hosts, *own.hosts("result_hosts")),
        prices=PriceTerms(usd_per=own.prices()),
        rates=own.rates(profile.poll.deadline_s),
        extra=own.fields(_OURS),
    )


def _check_address(own: Parameters, base_url: str) -> None:
    parts = urlsplit(base_url)
    if not parts.hostname or parts.username is not None:
        raise own.misfit("base_url", base_url, 'write it like "https://host/v1"')
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(base_url)):
        raise own.misfit(
            "base_url", base_url, "jobs go over https; http is for this machine alone"
        )
