"""The ground of every package here: text safe to show, diffs, whole files, orphans, namespaces."""
