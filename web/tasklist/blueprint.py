"""The blueprint that the views of this audience share."""

from flask import Blueprint

blueprint = Blueprint("tasklist", "web.tasklist", template_folder="templates")
