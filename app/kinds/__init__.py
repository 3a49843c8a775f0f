"""The kinds of document. A new kind is one module, one template folder, and its name here."""

NAMES = ("practices", "studyvisits", "projects", "cycles", "learnings", "networks", "meetings")
