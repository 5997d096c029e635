"""The cockpit's blueprint."""

from flask import Blueprint

blueprint = Blueprint("cockpit", __name__, template_folder="templates")
