"""Requests that nobody wrote down: `fuzz` draws them at random, `exhaustive` enumerates them."""
