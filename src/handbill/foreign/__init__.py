"""Programs that are not ours, one module a program: the only rooms that start processes.

Every module probes its program (`Tool`), passes arguments as lists and never through a shell, and
kills what does not answer in time. Text never travels in an argument that a program parses.
"""

from __future__ import annotations
