"""Imports of the workers, made once in the process that they are forked from.

Importing allocates much and frees nothing, so garbage collection waits; and what was imported is
frozen, lest a collection in each worker copy the shared pages.
"""

import gc

gc.disable()

import poolcli.core.pooling  # noqa: E402
import poolcli.jobs.perform  # noqa: E402, F401
from poolcli.media.pictures import preload  # noqa: E402

preload()

gc.freeze()
gc.enable()
