"""The blueprint that the absence pages share."""

from flask import Blueprint

blueprint = Blueprint("absence", "web.absence", template_folder="templates")
