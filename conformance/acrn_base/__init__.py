"""What every package here stands on: text safe to show, token diffs, whole files, no orphans."""
