"""Measures the product against a floor and a peer in the same run (`arshjul bench`)."""
