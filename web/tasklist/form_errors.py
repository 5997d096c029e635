"""placeholder"""
def summary(view, errors): return []
