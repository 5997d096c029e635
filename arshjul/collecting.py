"""How often Python looks for objects that only hold on to each other."""

from __future__ import annotations

import gc


def seldom() -> None:
    """For the rest of this process: nearly everything dies by reference count, and what is loaded now stays.

    By default it looks after every 700 new objects, at times through everything there is: the organisation alone is a
    hundred thousand objects, and a campaign's verb took a fifth longer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
