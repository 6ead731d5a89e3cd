"""One run from a docket to a bundle, without Prefect: the reference for everything that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from handbill.domain.order import Order
from handbill.press.copying import write_copy
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.films import cut_films
from handbill.press.finishing import finish_assets, unmade_slip
from handbill.press.posters import draw_posters
from handbill.press.progress import Progress
from handbill.press.slips import keep_slip, read_slip
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
    """All steps of one slice; the digest of its finished slip."""
    copies = write_copy_slip(equipment, docket, number)
    posters = draw_posters_slip(equipment, docket, number, copies)
    films = cut_films_slip(equipment, docket, number, copies)
    return finish_slip(equipment, docket, number, (copies, posters, films))


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


def write_copy_slip(equipment: Equipment, docket: Docket, number: int) -> str:
    """The copy of slice `number`; the digest of its slip."""
    return keep_slip(equipment.store, write_copy(equipment, docket, docket.slices[number]))


def draw_posters_slip(equipment: Equipment, docket: Docket, number: int, copies: str) -> str:
    """The posters of slice `number`, whose copies are in the slip `copies`."""
    orders = _taking(docket.slices[number], "image")
    slip = read_slip(equipment.store, copies)
    _pass_over(equipment, "posters", orders, slip.pieces)
    return keep_slip(equipment.store, draw_posters(equipment, docket, orders, slip))


def cut_films_slip(equipment: Equipment, docket: Docket, number: int, copies: str) -> str:
    """The films of slice `number`, whose copies are in the slip `copies`."""
    orders = _taking(docket.slices[number], "film")
    slip = read_slip(equipment.store, copies)
    _pass_over(equipment, "films", orders, slip.pieces)
    return keep_slip(equipment.store, cut_films(equipment, docket, orders, slip))


def finish_slip(
    equipment: Equipment, docket: Docket, number: int, slips: tuple[str, str, str]
) -> str:
    """Check, mark and finish slice `number`; `slips` are of its copies, posters and films."""
    copies, posters, films = (read_slip(equipment.store, sha256) for sha256 in slips)
    orders = docket.slices[number]
    return finish_assets(equipment, docket, orders, (copies, posters, films))


def _taking(orders: Sequence[Order], medium: str) -> tuple[Order, ...]:
    return tuple(order for order in orders if makes(order, medium))


def _pass_over(
    equipment: Equipment, step: str, orders: Sequence[Order], pieces: Mapping[str, object]
) -> None:
    """Count the orders without copy, which this step never sees."""
    without = sum(not getattr(pieces.get(order.key), "key", "") for order in orders)
    if without:
        equipment.progress.tick(step, done=without)
