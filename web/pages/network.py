"""Where colleagues open Alur, for the administrator to show them."""

from flask import render_template
from flask.typing import ResponseReturnValue

from engine import network
from web import qr
from web.context import require, site
from web.pages.blueprint import blueprint


@blueprint.get("/alamat")
def addresses() -> ResponseReturnValue:
    """The addresses, the first of them as a QR code; how to open Alur to the network where there are none."""
    require("people.manage")
    found = network.addresses(site().settings)
    return render_template("network.html", addresses=found, picture=qr.drawing(found[0]) if found else None)
