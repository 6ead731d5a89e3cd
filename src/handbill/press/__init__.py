"""The press: makes the orders of a campaign, a slice at a time.

Every step asks the store first, calls one engine function, stores what it made and books it
under a recipe key. A step answers with *pieces*: what became of each order, and under which key.
A finished slice leaves a *slip* in the store, from which any machine packs.
"""

from __future__ import annotations
