"""Draw the icons that programs want as pictures of dots, after app/static/icon.svg: favicon.ico and touch-icon.png.

Run it by hand when the mark changes: python tools/icons.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "app" / "static"
BRAND, PAPER = "#00556e", "#ffffff"
# The mark is drawn so many times larger, and made smaller afterwards, so that its edges are smooth.
FINER = 16
# In the units of icon.svg, which is 64 wide: the ring's radius, the line round the open quarter, half the gap.
UNITS, RADIUS, LINE, HALF_GAP = 64, 29, 4, 1.6
SIZES = (16, 32, 48)
TOUCH, MARGIN = 180, 18


def mark(size: int) -> Image.Image:
    """The wheel with three quarters done and one open, on nothing. Lines and gaps are whole dots, and so sharp."""
    middle, radius = size / 2, size * RADIUS / UNITS
    line, gap = (max(1, round(size * width / UNITS)) for width in (LINE, HALF_GAP))
    wheel, paper = (Image.new("L", (FINER * size, FINER * size)) for _ in range(2))
    _circle(wheel, middle, radius)
    for cross in ((middle - gap, 0, middle + gap, size), (0, middle - gap, size, middle + gap)):
        _rectangle(wheel, cross, 0)
    _circle(paper, middle, radius - line)
    for outside in ((middle - gap - line, 0, size, size), (0, middle - gap - line, size, size)):
        _rectangle(paper, outside, 0)
    image = Image.new("RGBA", (size, size))
    for colour, mask in ((BRAND, wheel), (PAPER, paper)):
        image.paste(colour, mask=mask.resize((size, size), Image.Resampling.BOX))
    return image


def _circle(image: Image.Image, middle: float, radius: float) -> None:
    corners = [FINER * (middle + way * radius) for way in (-1, -1, 1, 1)]
    ImageDraw.Draw(image).ellipse(corners, fill=255)


def _rectangle(image: Image.Image, corners: tuple[float, ...], fill: int) -> None:
    left, top, right, bottom = (FINER * corner for corner in corners)
    ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), fill=fill)


def main() -> None:
    """Write both files."""
    drawn = [mark(size) for size in SIZES]
    drawn[-1].save(STATIC / "favicon.ico", sizes=[(size, size) for size in SIZES], append_images=drawn[:-1])
    touch = Image.new("RGB", (TOUCH, TOUCH), PAPER)
    wheel = mark(TOUCH - 2 * MARGIN)
    touch.paste(wheel, (MARGIN, MARGIN), wheel)
    touch.save(STATIC / "touch-icon.png", optimize=True)


if __name__ == "__main__":
    main()
