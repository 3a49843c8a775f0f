"""What was changed, by whom and when: revisions with their whole texts, working copies, comparison."""
