"""What reading an upload may cost."""

DIAGRAM_SECONDS = 2
"""Processor time for the diagram; the annual plan takes 0.03 s."""
PACKAGE_SECONDS = 8
"""Processor time for the package around it; the annual plan takes 1.3 s, nearly all of it in 600 FEEL expressions."""
WALL_SECONDS = 60
"""By the clock on the wall, start of the child included, for a machine that does much else."""
MEMORY_BYTES = 200_000_000
"""More than what the child has taken before it sees the file."""
OUTPUT_BYTES = 1_000_000
SHOWN = 200
"""Findings told of one file."""
LONGEST_SENTENCE = 700
CHILDREN = 2
"""Children of one process at a time; others wait."""
QUEUE_SECONDS = 20
OUT_OF_MEMORY = 71
"""The child's exit code when Python itself ran out of memory."""
