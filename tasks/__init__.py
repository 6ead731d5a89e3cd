"""Tasks: thin doors into the engine, one a file, file name = function name."""

from __future__ import annotations
