"""Saving so that nothing is lost: check, lock, log, replace, refresh."""
