"""Commands, settings and composition: the only code that imports all the other packages."""
