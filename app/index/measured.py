"""The numbers of the ranking, all in one place. They were measured with ``make bench-quality``; decision 24 tells how.

A difference of less than 0.03 between two settings is noise on the questions that there are, so these are round numbers
in the middle of a broad plain and not its highest point.
"""

from __future__ import annotations

# What a word is worth by where it stands.
TITLE = 6.0
SUMMARY = 2.5
KIND = 2.0
HEADINGS = 1.5
FACTS = 1.5
REFERENCES = 1.0
BODY = 1.0

# What a word in the title is worth beside that, by how rare it is: it does not wear off in a long text.
IN_TITLE = 1.0
# What it is worth that several words of the question together are a value of the front matter: "fungerade inte".
AS_VALUE = 1.0

# Of a compound, what each part is worth beside the whole.
PART = 0.7
# What another word for the same thing is worth, and each word of one that has several.
SYNONYM = 0.4
# What the word is worth that somebody is believed to have meant.
CORRECTED = 0.9

# How fast a repeated word stops counting, and how much a long document is held back.
K1 = 0.9
B = 0.75
# How many documents of ordinary Swedish stand beside ours when it is counted how rare a word is.
BACKGROUND = 100.0
# What runs of five letters are worth, and how common a word may be to be looked for by them.
GRAMS = 0.25
TOO_COMMON_FOR_GRAMS = 3e-3

# So many words are all required; of a longer question, what scores this part of the best is worth showing.
MOST_REQUIRED = 2
WORTH_SHOWING = 0.3

# So much of what a document's own words are worth another has to have to be shown as one that is like it.
ALIKE = 0.3
