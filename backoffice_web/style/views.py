"""The style guide."""

import re
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, render_template

from backoffice_web.access import public
from backoffice_web.session.forms import SignInForm
from homecare.punches.model import Proof

style = Blueprint("style", __name__, template_folder="templates")

TOKENS = Path(__file__).parent.parent / "static" / "css" / "tokens.css"


@style.get("/style")
@public
def guide() -> str:
    """Show every token, status and macro."""
    colours = re.findall(r"^  --(p-[a-z0-9-]+): (#[0-9a-f]{6});", TOKENS.read_text(), re.MULTILINE)
    form = SignInForm(meta={"csrf": False})
    form.password.errors = ["Adresse ou mot de passe incorrect."]
    return render_template(
        "style/guide.html",
        colours=dict(colours[::-1]),
        proofs=list(Proof),
        form=form,
        sample=datetime(2026, 11, 24, 7, 47, 12, tzinfo=UTC),
    )
