"""The ground of every package here: text safe to show, token diffs, whole files, no orphans, namespaces."""
