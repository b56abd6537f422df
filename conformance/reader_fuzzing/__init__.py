"""Fuzzing of the readers, guided by coverage: whatever the bytes, an answer or one line."""
