"""What workers need, loaded once in the process that they are copied from.

Loading makes very much and drops nothing, so nobody looks for garbage meanwhile; nor ever in what
was loaded, lest each worker get pages of its own for it.
"""

import gc

gc.disable()

import poolcli.core.pooling  # noqa: E402
import poolcli.jobs.perform  # noqa: E402
import poolcli.media.pictures  # noqa: E402, F401

gc.freeze()
gc.enable()
