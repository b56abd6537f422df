"""The checks: each is a row of the table in hwtests/README.md."""
