"""What Handbill is about, in values: standard library only, no I/O."""

from __future__ import annotations

import copyreg
from types import MappingProxyType


def _proxy_of(content: dict[object, object]) -> MappingProxyType[object, object]:
    return MappingProxyType(content)


# Values of the domain hold read-only mappings and travel to other processes to be drawn, but
# Python does not pickle a mapping proxy by itself.
copyreg.pickle(MappingProxyType, lambda proxy: (_proxy_of, (dict(proxy),)))
