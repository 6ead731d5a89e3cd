"""What Handbill is about, in values: standard library only, no I/O."""

from __future__ import annotations

import copyreg
from types import MappingProxyType


def _reduce_proxy(
    proxy: MappingProxyType[object, object],
) -> tuple[type[MappingProxyType[object, object]], tuple[dict[object, object]]]:
    return MappingProxyType, (dict(proxy),)


# Values of the domain hold read-only mappings and travel to other processes to be drawn, but
# Python does not pickle a mapping proxy by itself.
copyreg.pickle(MappingProxyType, _reduce_proxy)
