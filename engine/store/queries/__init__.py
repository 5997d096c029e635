"""Queries, one module per noun: plain functions that take a transaction first."""
