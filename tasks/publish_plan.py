"""Publish what a run would make and cost as artifacts."""

from __future__ import annotations

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from tasks._policy import policy

_MICROS = 1_000_000


@task(**policy("publish_plan"), task_run_name="publish plan")
def publish_plan(
    campaign: str,
    sizes: dict[str, int],
    tables: dict[str, list[dict[str, str | int]]],
    unpriced: list[str],
) -> str:
    """Publish the plan; the answer says it in one line.

    Args:
        campaign: its name.
        sizes: ``briefs problems least_micros most_micros minutes`` and the orders by standing.
        tables: ``plan`` (a row a placement) and ``prices`` (a row a capability).
        unpriced: capabilities whose price nobody knows.
    """
    cost = cost_words(sizes["least_micros"], sizes["most_micros"], unpriced)
    orders = sizes["new"] + sizes["changed"]
    line = f"{campaign}: {orders:,} orders to make, {sizes['reused']:,} reused, {cost}"
    create_markdown_artifact(
        key="price", markdown=plan_words(campaign, sizes, cost), description="What it would cost"
    )
    create_table_artifact(
        key="plan", table=tables["plan"], description="Orders by placement: new, changed, reused"
    )
    create_table_artifact(
        key="prices", table=tables["prices"], description="Who makes it, and for how much"
    )
    with get_client(sync_client=True) as client:
        client.update_flow_run(flow_run.id, name=line, tags=["handbill", "price", campaign])
    return line


def cost_words(least_micros: int, most_micros: int, unpriced: list[str]) -> str:
    """The price, and what is not in it."""
    least, most = least_micros / _MICROS, most_micros / _MICROS
    price = f"${most:.2f}" if least == most else f"${least:.2f} to ${most:.2f}"
    return f"{price} and an unknown price for {', '.join(unpriced)}" if unpriced else price


def plan_words(campaign: str, sizes: dict[str, int], cost: str) -> str:
    """Markdown: what a run would do."""
    return "\n".join(
        [
            f"# {campaign}",
            "",
            f"A run would cost **{cost}** and take at most about {sizes['minutes']:,} minutes.",
            "",
            f"- products: {sizes['briefs']:,}",
            f"- orders that are new: {sizes['new']:,}",
            f"- orders that changed: {sizes['changed']:,}",
            f"- orders that are there already: {sizes['reused']:,}",
            f"- orders that are dropped: {sizes['dropped']:,}",
            f"- problems of the sheet: {sizes['problems']:,}",
            "",
            "Nothing was made or spent. To make it, run `make-campaign` with the same form.",
        ]
    )
