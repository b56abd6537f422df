"""Requests that nobody wrote down: `fuzz` draws them at random, `exhaustive` enumerates them.

The modules are the names, since `fuzz` and `strategies` need the extra ``fuzz``.
"""
