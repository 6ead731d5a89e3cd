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

    copy_by: Annotated[Provider, Field(title="Texts", alias="copy")] = ""
    image: Annotated[Provider, Field(title="Backgrounds of posters")] = ""
    voice: Annotated[Provider, Field(title="Voice")] = ""
    music: Annotated[Provider, Field(title="Music")] = ""
    video: Annotated[Provider, Field(title="Footage")] = ""


def offer_placements(schema: dict[str, Any]) -> None:
    """Make the field a multiple choice of what the catalogue can make."""
    schema["items"] = {"type": "string", "enum": list(load_catalogue().made_ids)}


def _plain_number(schema: dict[str, Any]) -> None:
    """Show one field that may be left empty, where Prefect would show a tab for each type."""
    schema["type"] = next(one["type"] for one in schema.pop("anyOf") if "type" in one)
    schema.pop("default", None)


class CampaignForm(BaseModel):
    """A campaign, or a sheet of products, and what to make of it."""

    model_config = ConfigDict(extra="forbid")

    campaign: Annotated[
        str,
        Field(
            title="1. Campaign or sheet",
            description="The name of a campaign (demo), or the path or https address of a sheet. "
            "Leave it empty if you paste a sheet into the next field.",
            max_length=2_000,
        ),
    ] = ""
    sheet_text: Annotated[
        str,
        Field(
            title="… or paste your products",
            description="Copy the table as CSV: first a line of column names (only product is "
            "required; price, description, url, image … help), then a line for each product. "
            "With a campaign above, its brand and settings are used.",
            max_length=5_000_000,
        ),
    ] = ""
    placements: Annotated[
        list[str],
        Field(
            title="2. What to make",
            description="Choose as many as you like; none chosen means: those of the campaign. "
            "Each is a channel and a place on it.",
            json_schema_extra=offer_placements,
        ),
    ] = Field(default_factory=list)
    rows: Annotated[
        str,
        Field(
            title="3. Which products",
            description="Empty: all of them. 3: the first three. 4-9: the fourth to the ninth.",
            pattern=r"^\s*(\d+\s*(-\s*\d+\s*)?)?$",
        ),
    ] = ""
    budget_usd: Annotated[
        Decimal | None,
        Field(
            title="4. Budget in US dollars",
            description="The most that this campaign may cost with paid providers. The house "
            "provider, which is used unless a campaign says otherwise, costs nothing.",
            ge=0,
            json_schema_extra=_plain_number,
        ),
    ] = None
    review: Annotated[
        bool,
        Field(
            title="5. Ask me before anything goes out",
            description="The run makes everything, waits for your answer, and packs what you "
            "approve. A campaign may want this anyway.",
        ),
    ] = False
    review_hours: Annotated[
        float,
        Field(
            title="Hours to answer",
            description="Without an answer by then the run fails; what was made is kept, and "
            "nothing of it goes out.",
            gt=0,
            le=8_760,
        ),
    ] = 168
    providers: Annotated[
        Providers,
        Field(
            title="Who makes it",
            description="Empty: whom the campaign names.",
        ),
    ] = Field(default_factory=Providers)
    seed: Annotated[
        int | None,
        Field(
            title="Seed",
            description="Any number; another one makes other texts and layouts.",
            ge=0,
            json_schema_extra=_plain_number,
        ),
    ] = None
    refresh: Annotated[
        list[Literal["copy", "image", "voice", "music"]],
        Field(
            title="Make anew",
            description="Work of these kinds that another provider or model made is made anew.",
        ),
    ] = Field(default_factory=list)
    batch: Annotated[
        bool,
        Field(
            title="Half the price, tomorrow",
            description="Copy and pictures of paid providers are handed in as a batch and "
            "answered within a day. Run it again to collect them.",
        ),
    ] = False
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
    machines: Annotated[
        int,
        Field(
            title="Machines",
            description="How many workers share the work: this run's, and others by runs of "
            "make-shard. More than one needs a shared store and ledger: docs/machines.md.",
            ge=1,
            le=64,
        ),
    ] = 1
    sheet: Annotated[
        str,
        Field(
            title="Another sheet",
            description="The path of a sheet that takes the place of the campaign's own.",
            max_length=2_000,
        ),
    ] = ""
    encoding: Annotated[
        str,
        Field(
            title="Encoding of the sheet",
            description="For an old text file whose letters come out wrong: gb18030, cp1252 …",
            max_length=40,
        ),
    ] = ""
    worksheet: Annotated[
        str,
        Field(
            title="Worksheet",
            description="Only for a workbook: the name of the worksheet. Empty means the first "
            "one that holds products.",
            max_length=100,
        ),
    ] = ""
    out: Annotated[
        str,
        Field(
            title="Bundle folder",
            description="Where the result goes, as a path on the worker's machine. Empty means: "
            "the out folder of the campaign, or Handbill's own for a pasted sheet.",
        ),
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
        named = (self.campaign, self.sheet_text, self.sheet)
        if not any(field.strip() for field in named):
            message = "name a campaign or a sheet, or paste a sheet"
            raise ValueError(message)
        if self.sheet.strip() and self.sheet_text.strip():
            message = "name another sheet or paste one, not both"
            raise ValueError(message)
        return self
