"""The form that starts a campaign: what Prefect's UI shows, and what a schedule fills in."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from handbill.channels import load_catalogue
from handbill.providers.registry import provider_names


def _offer_providers(schema: dict[str, Any]) -> None:
    """Make the field a choice of the installed providers; empty leaves it to the campaign."""
    schema["enum"] = ["", *provider_names()]


Provider = Annotated[str, Field(json_schema_extra=_offer_providers)]


class Providers(BaseModel):
    """Who makes what; empty means: as the campaign has it."""

    model_config = ConfigDict(extra="forbid")

    copy_by: Annotated[Provider, Field(title="Copy", alias="copy")] = ""
    image: Annotated[Provider, Field(title="Grounds of posters")] = ""
    voice: Annotated[Provider, Field(title="Voice")] = ""
    music: Annotated[Provider, Field(title="Music")] = ""
    video: Annotated[Provider, Field(title="Footage")] = ""


def _offer_placements(schema: dict[str, Any]) -> None:
    """Make the field a multiple choice of what the catalogue can make."""
    schema["items"] = {"type": "string", "enum": list(load_catalogue().made_ids)}


class CampaignForm(BaseModel):
    """What to make."""

    model_config = ConfigDict(extra="forbid")

    campaign: Annotated[
        str,
        Field(
            title="Campaign or sheet",
            description="A folder below campaigns/ by name, or the path of a campaign folder or "
            "of a sheet, or a sheet's https address. Leave it empty when you paste a sheet below.",
        ),
    ] = ""
    sheet_text: Annotated[
        str,
        Field(
            title="Sheet as text",
            description="A whole CSV sheet, pasted: a line of headers, then a line a product. "
            "With a campaign above, its settings and brand serve; else the house's.",
            max_length=5_000_000,
        ),
    ] = ""
    encoding: Annotated[
        str,
        Field(
            title="Encoding",
            description="Of a text sheet that is neither UTF-8 nor UTF-16, such as gb18030; "
            "a guess is never taken.",
            max_length=40,
        ),
    ] = ""
    worksheet: Annotated[
        str,
        Field(
            title="Worksheet",
            description="Its name; empty means the first one that holds products.",
            max_length=100,
        ),
    ] = ""
    placements: Annotated[
        list[str],
        Field(
            title="Placements",
            description="Make these alone; none chosen means those of the campaign.",
            json_schema_extra=_offer_placements,
        ),
    ] = Field(default_factory=list)
    rows: Annotated[
        str,
        Field(
            title="Rows",
            description="A number (the first so many briefs) or a range such as 4-9.",
            pattern=r"^\s*(\d+\s*(-\s*\d+\s*)?)?$",
        ),
    ] = ""
    budget_usd: Annotated[
        Decimal | None,
        Field(title="Budget", description="The most to spend in this run, in US dollars.", ge=0),
    ] = None
    providers: Annotated[
        Providers, Field(title="Providers", description="Who makes what, by capability.")
    ] = Field(default_factory=Providers)
    seed: Annotated[
        int | None,
        Field(title="Seed", description="Another seed makes other texts and layouts.", ge=0),
    ] = None
    refresh: Annotated[
        list[Literal["copy", "image", "voice", "music"]],
        Field(
            title="Make anew",
            description="Work of these kinds that another provider or model made is made anew.",
        ),
    ] = Field(default_factory=list)
    discard_edits: Annotated[
        bool,
        Field(
            title="Discard edits",
            description="Write over files that somebody changed in the bundle.",
        ),
    ] = False
    write_back: Annotated[
        Literal["", "file", "worksheet"],
        Field(
            title="Status back to the sheet",
            description="A file beside the sheet, or a worksheet in an XLSX sheet.",
        ),
    ] = ""
    out: Annotated[
        str,
        Field(title="Bundle folder", description="Empty means: the campaign's own out folder."),
    ] = ""

    @property
    def chosen_providers(self) -> dict[str, str]:
        """Capability → provider, for those that are chosen."""
        chosen = self.providers.model_dump(by_alias=True)
        return {capability: name for capability, name in chosen.items() if name}

    @field_validator("placements")
    @classmethod
    def _placements_exist(cls, chosen: list[str]) -> list[str]:
        known = load_catalogue().made_ids
        for name in chosen:
            if name not in known:
                message = f"there is no placement {name!r}; choose among: {', '.join(known)}"
                raise ValueError(message)
        return chosen

    @model_validator(mode="after")
    def _names_something(self) -> CampaignForm:
        if not self.campaign.strip() and not self.sheet_text.strip():
            message = "name a campaign or a sheet, or paste a sheet"
            raise ValueError(message)
        return self
