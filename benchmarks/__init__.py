"""What is measured, and how: ``make bench`` (``N=2000,10000`` chooses the sizes).

Each size is a house of its own in a temporary folder: generated documents, ``larnat prepare``, ``larnat rebuild``, and
``larnat serve`` with two workers, asked over HTTP by one visitor. CPU is the user and system time of all its processes
together, divided by the number of requests; so pages that one worker could answer faster than it can be asked count no
less. Beside it stands SQLite FTS5 doing the bare counterpart in one process: no page, no rights, no facets.
Times hold for the machine they are measured on: compare ratios.
"""
