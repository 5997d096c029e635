"""FEEL expressions, evaluated by feelin in V8 under limits of time and memory."""
