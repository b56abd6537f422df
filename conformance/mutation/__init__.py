"""Mutation testing of the reference, on a copy of the tree."""
