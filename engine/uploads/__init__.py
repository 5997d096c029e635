"""Files that people send in, taken as hostile until a process of their own has read them.

`unpack` opens a zip under limits; `screen`, `screen_diagram` and `screen_alone` check files in a child process that
may neither run long, grow, open a file nor reach a network. What goes wrong there is a finding in words.
"""

from engine.uploads.reading import Reading, read
from engine.uploads.screening import Screened, screen, screen_alone, screen_diagram
from engine.uploads.unpacking import Unpacked, unpack

__all__ = ["Reading", "Screened", "Unpacked", "read", "screen", "screen_alone", "screen_diagram", "unpack"]
