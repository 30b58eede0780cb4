"""The code printed on a home's label, as an SVG: drawn by us, so that nothing is fetched from elsewhere."""

import io

import qrcode
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage


def label_address(front_url: str, qr_token: str) -> str:
    """Return the address that the label's code holds: the worker's page, which asks before it punches."""
    return f"{front_url.rstrip('/')}/moi/pointer?qr={qr_token}"


def draw_code(address: str) -> Markup:
    """Return the square code as an inline SVG, readable with up to a quarter of it damaged (level Q)."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=2)
    code.add_data(address)
    drawing = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(drawing)
    svg = drawing.getvalue().decode()
    return Markup(svg[svg.index("<svg") :])  # noqa: S704 - drawn above, nothing typed is in it
