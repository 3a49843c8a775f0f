"""What the house tells those who run it: lines in a log and counts for Prometheus, and nothing of who did what."""
