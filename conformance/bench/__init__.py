"""The benchmark: speed as ratios to limits of the same run, and how it grows with what is asked."""
