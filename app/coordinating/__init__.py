"""What coordinators look after besides pages: the words of the search."""
