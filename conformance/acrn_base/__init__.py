"""The ground of every package here: bounded reading, whole files, text safe to show, processes."""
