"""Work on very many instances at once, in chunks that jobs work off, with its progress in sight."""
