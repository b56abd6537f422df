"""Command lines that somebody else built: where they come from, and what is to say of them."""
