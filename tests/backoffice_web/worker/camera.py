"""A film of a printed code, for a browser whose camera plays a file."""

from pathlib import Path

import qrcode

WIDTH, HEIGHT, DOT, FRAMES = 640, 480, 8, 5
WHITE, BLACK, NO_COLOUR = 235, 16, 128


def film_code(address: str, file: Path) -> Path:
    """Write a few still pictures of the code, as YUV4MPEG2; return the file."""
    code = qrcode.QRCode(border=4)
    code.add_data(address)
    dots = code.get_matrix()
    side = len(dots) * DOT
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    picture = bytearray([WHITE]) * (WIDTH * HEIGHT)
    for row, line in enumerate(dots):
        for column, dark in enumerate(line):
            if dark:
                for y in range(top + row * DOT, top + (row + 1) * DOT):
                    start = y * WIDTH + left + column * DOT
                    picture[start : start + DOT] = bytes([BLACK]) * DOT
    colours = bytes([NO_COLOUR]) * (WIDTH * HEIGHT // 2)
    with file.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(FRAMES):
            film.write(b"FRAME\n" + bytes(picture) + colours)
    return file
