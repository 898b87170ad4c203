"""Writes the fixtures of plainJpeg.test.ts: small JPEGs with restart markers and samplings that sharp does not write.

    python tests/reference/make_jpegs.py      (Pillow 13.0)
"""
from math import sin
from pathlib import Path

from PIL import Image, ImageDraw

FIXTURES = Path(__file__).resolve().parent / "fixtures"
WIDTH, HEIGHT = 201, 153


def picture():
    image = Image.new("RGB", (WIDTH, HEIGHT))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            waves = 40 * sin(x * y / 500) + 20 * sin(x / 3)
            image.putpixel((x, y), (round(128 + waves), round(255 * x / WIDTH), round(255 * y / HEIGHT)))
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 20, 110, 90), fill=(250, 30, 20), outline=(0, 0, 0), width=3)
    draw.rectangle((120, 80, 180, 140), fill=(20, 60, 240), outline=(255, 255, 255), width=2)
    return image


def main():
    image = picture()
    save = lambda name, of, **how: of.save(FIXTURES / f"{name}.jpg", quality=80, **how)
    save("jpeg-444-restarts", image, subsampling=0, restart_marker_blocks=7)
    save("jpeg-422-restarts", image, subsampling=1, restart_marker_rows=1)
    save("jpeg-420-restarts", image, subsampling=2, restart_marker_blocks=1)
    save("jpeg-422", image, subsampling=1, optimize=True)
    save("jpeg-grey-restarts", image.convert("L"), restart_marker_blocks=5)


main()
