"""Letters: an outbox in the kept database, and the server that they are handed to."""
