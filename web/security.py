"""What every response and request is held to: headers, cookies, forged posts, size."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_wtf import CSRFProtect

from engine.errors import InvalidInput, NotFound
from web import embedding, sizes
from web.config import WebConfig

csrf = CSRFProtect()
NOBODY = "'none'"


def nonce() -> str:
    """This response's nonce for a script or style of ours."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    made: str = g.csp_nonce
    return made


def allow_diagram_styles() -> None:
    """For pages with a diagram only: bpmn-js sets style attributes."""
    g.style_attributes = True


def sandbox() -> None:
    """For files of people's own: the response may run and load nothing, whatever a browser makes of it."""
    g.sandboxed = True


def content_security_policy() -> str:
    if g.get("sandboxed"):
        return "default-src 'none'; sandbox"
    parts = [
        "default-src 'self'",
        f"script-src 'self' 'nonce-{nonce()}'",
        f"style-src 'self' 'nonce-{nonce()}'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        f"frame-ancestors {' '.join(embedding.ancestors()) or NOBODY}",
    ]
    if g.get("style_attributes"):
        parts.append("style-src-attr 'unsafe-inline'")
    return "; ".join(parts)


def harden(response: Response, *, https: bool) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = content_security_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    if not embedding.ancestors():  # the older header knows no list; browsers of today read the policy
        headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" or response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
        headers.add("Vary", "Cookie")
    return response


def refuse_nul() -> None:
    """No text of ours has a NUL, and PostgreSQL refuses one with an error of its own. Raises NotFound, InvalidInput."""
    if "\0" in request.path:
        raise NotFound(kind="page")
    for name, value in request.form.items(multi=True):
        if "\0" in name or "\0" in value:
            raise InvalidInput(field=name.replace("\0", ""), reason="unseen_in")


def rate_key() -> str:
    """Whose request it is (`web.forwarding`), which no header of the asker's own can change."""
    return str(get_remote_address())


def init_app(app: Flask, config: WebConfig) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=config.max_content_length,
        MAX_FORM_MEMORY_SIZE=config.max_content_length,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_NAME="__Host-arshjul" if config.https else "arshjul",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # lives and dies with the session: a form left open over lunch still saves
        WTF_CSRF_HEADERS=[],  # the token is a field, so a body that is no form is refused
        WTF_CSRF_SSL_STRICT=False,  # behind a proxy the scheme is unknown; SameSite does this
        RATELIMIT_HEADERS_ENABLED=False,
        PREFERRED_URL_SCHEME="https" if config.https else "http",
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    if config.https:
        app.config["TRUSTED_HOSTS"] = [config.host]
    app.config.update(config.flask)
    app.before_request(sizes.make_room)  # before the check of the token, which reads the form
    csrf.init_app(app)
    limiter = Limiter(rate_key, app=app, storage_uri="memory://", default_limits=[])
    app.extensions["arshjul_limiter"] = limiter
    app.before_request(refuse_nul)
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(lambda response: harden(response, https=config.https))
    app.jinja_env.globals["signed_in"] = lambda: bool(current_user.is_authenticated)
