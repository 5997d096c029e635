"""The region's rules as plain functions: values in, values out, no clock and no I/O."""
