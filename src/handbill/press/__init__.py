"""The press: makes the orders of a campaign, a slice at a time.

Every step asks the store first, calls one engine function, stores what it made and books it
under a recipe key. A step answers with a *slip*: what became of each order, and under which key.
"""

from __future__ import annotations
