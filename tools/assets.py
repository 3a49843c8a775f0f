"""Copy the front-end files that Lärnät uses from node_modules to app/static/vendor/."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app" / "static" / "vendor"
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2": "source-sans-3.woff2",
    "@github/markdown-toolbar-element/dist/index.js": "markdown-toolbar-element.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    "@github/markdown-toolbar-element/LICENSE": "markdown-toolbar-element.LICENSE.txt",
    "@fontsource-variable/source-sans-3/LICENSE": "source-sans-3.LICENSE.txt",
}


def main() -> None:
    """Replace the vendor folder with today's files."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, name in FILES.items():
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / name)


if __name__ == "__main__":
    main()
