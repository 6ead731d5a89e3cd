"""Opening the provider, and asking whether it is there."""

from __future__ import annotations

from types import MappingProxyType

from handbill.domain.campaign import ProviderChoice
from handbill.errors import AuthRejected, JobLost, ProviderError
from handbill.providers.job.jobs import Jobs
from handbill.providers.job.settings import parse_settings
from handbill.providers.job.wire import Wire
from handbill.providers.ports import ProbeAnswer, ProviderHandle

_NO_JOB = "handbill-probe-0"


def open_job(choice: ProviderChoice) -> ProviderHandle:
    """The provider as `choice` configures it; nothing is sent, and no key is read yet.

    Raises:
        CampaignError: no such profile, or a setting that does not fit.
    """
    settings = parse_settings(choice)
    wire = Wire(settings)
    jobs = Jobs(settings, wire)
    makes = settings.profile.makes
    return ProviderHandle(
        name="job",
        mode="live",
        video=jobs if makes == "video" else None,
        image=jobs if makes == "image" else None,
        music=jobs if makes == "music" else None,
        models=MappingProxyType({makes: settings.model}),
        probe=_Prober(jobs, wire),
        close=wire.close,
    )


class _Prober:
    """Asks after a job that does not exist: costs nothing, and shows key and address at once."""

    def __init__(self, jobs: Jobs, wire: Wire) -> None:
        self._jobs = jobs
        self._wire = wire

    async def __call__(self) -> ProbeAnswer:
        try:
            await self._wire.ask(self._jobs.path_of(_NO_JOB))
        except AuthRejected as fault:
            return ProbeAnswer(answers=False, message=str(fault))
        except JobLost:
            return ProbeAnswer(answers=True)
        except ProviderError as fault:
            reached = str(fault).startswith("HTTP 4")
            return ProbeAnswer(answers=reached, message="" if reached else str(fault))
        return ProbeAnswer(answers=True)
