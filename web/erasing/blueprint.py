"""The blueprint of the pages about erasing."""

from flask import Blueprint

blueprint = Blueprint("erasing", "web.erasing", template_folder="templates")
