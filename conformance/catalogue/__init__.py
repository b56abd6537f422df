"""The requests of all golden cases, one file a family; each is frozen in golden/cases/."""
