"""One run from a docket to a bundle, without Prefect: the reference for everything that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from handbill.domain.order import Order
from handbill.press.copying import copies_of, keys_of, write_copy
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.films import cut_films
from handbill.press.finishing import finish_assets, unmade_slip
from handbill.press.pieces import Written
from handbill.press.posters import draw_posters
from handbill.press.progress import Progress
from handbill.press.specs import makes

# Slices under way at once: while one waits for its pixels the next one is written.
_SLICES_AT_ONCE = 2


def expect_work(progress: Progress, docket: Docket) -> None:
    """Tell the progress how many orders each step will see."""
    for step, number in orders_by_step(docket.plan.orders).items():
        progress.plan(step, number)


def orders_by_step(orders: Sequence[Order]) -> dict[str, int]:
    """How many of `orders` each step will see."""
    return {
        "copy": len(orders),
        "posters": sum(makes(order, "image") for order in orders),
        "films": sum(makes(order, "film") for order in orders),
        "checks": len(orders),
    }


def make_slices(equipment: Equipment, docket: Docket) -> tuple[str, ...]:
    """Make every slice of a docket; the digests of the finished slips, in order."""
    with ThreadPoolExecutor(_SLICES_AT_ONCE, thread_name_prefix="handbill-slice") as threads:
        try:
            begun = [
                threads.submit(make_slice, equipment, docket, number)
                for number in range(len(docket.slices))
            ]
            return tuple(future.result() for future in begun)
        except BaseException:
            # What is under way is finished and kept; nothing more is begun.
            equipment.pixels.stop()
            threads.shutdown(wait=False, cancel_futures=True)
            raise


def make_slice(equipment: Equipment, docket: Docket, number: int) -> str:
    """All steps of one slice; the digest of its finished slip.

    What a step made is handed on in memory. A run that was killed finds it by its recipe key.
    """
    orders = docket.slices[number]
    texts = write_copy(equipment, docket, orders)
    copies = copies_of(equipment.store, orders, keys_of(texts))
    _pass_over(equipment, orders, copies)
    posters = draw_posters(equipment, docket, _taking(copies, "image"))
    films = cut_films(equipment, docket, _taking(copies, "film"))
    return finish_assets(equipment, docket, orders, (texts, posters, films))


def finished_so_far(
    equipment: Equipment,
    docket: Docket,
    slips: Mapping[int, str],
    out_of_time: Callable[[], bool],
) -> tuple[str, ...]:
    """Finished slips of every slice of a run that was stopped, with what is in the store.

    Args:
        equipment: stopped, so that nothing is drawn and nothing is paid.
        docket: what was to be made.
        slips: number → slip, of the slices that are through.
        out_of_time: whether to look for no more; the orders of a slice that nobody looked at
            count as not made.
    """
    return tuple(
        slips.get(number)
        or (
            unmade_slip(equipment.store, docket.slices[number])
            if out_of_time()
            else make_slice(equipment, docket, number)
        )
        for number in range(len(docket.slices))
    )


def _taking(copies: Sequence[Written], medium: str) -> tuple[Written, ...]:
    return tuple(one for one in copies if makes(one[0], medium))


def _pass_over(equipment: Equipment, orders: Sequence[Order], copies: Sequence[Written]) -> None:
    """Count the orders without copy, which posters and films never see."""
    written = {order.key for order, _ in copies}
    unseen = orders_by_step([order for order in orders if order.key not in written])
    for step in ("posters", "films"):
        if unseen[step]:
            equipment.progress.tick(step, done=unseen[step])
