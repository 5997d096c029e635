"""The peer, django-viewflow, as a Django application of its own; imported only where it is installed."""
