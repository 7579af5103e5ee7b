"""Imports of the workers, made once in the process that they are forked from.

Importing allocates much and frees nothing, so garbage collection waits; and what was imported is
frozen, lest a collection in each worker copy the shared pages.
"""

import gc

gc.disable()

import poolcli.core.pooling  # noqa: E402
import poolcli.jobs.perform  # noqa: E402
import poolcli.media.pictures  # noqa: E402, F401

gc.freeze()
gc.enable()
