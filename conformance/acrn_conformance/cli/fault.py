"""The one error that a command reports: a line on stderr, and exit status 2."""


class InputError(Exception):
    """Input that cannot be used: what, where, and the remedy."""
