"""Texts that want to be more than text, by what they try, and what must be true of every page that shows them."""
