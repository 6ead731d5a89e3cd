"""Tasks: thin doors into the engine, one a file, file name = function name."""

from __future__ import annotations

from tasks import _blocks as _blocks  # keys of providers may stand in Secret blocks from here on
