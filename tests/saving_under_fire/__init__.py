"""Saving while processes are killed and the disk is full. What runs in processes of its own lies beside the tests."""
