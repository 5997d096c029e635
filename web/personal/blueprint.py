"""The blueprint that the pages of one's own settings share."""

from flask import Blueprint

blueprint = Blueprint("personal", "web.personal", template_folder="templates")
