"""This file holds how pages are made small on their way."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress


def init(app: Flask) -> None:
    """Compress pages, styles and data. No page echoes a query beside its token (BREACH)."""
    app.config["COMPRESS_MIMETYPES"] = [
        "text/html",
        "text/css",
        "text/javascript",
        "application/json",
        "image/svg+xml",
    ]
    app.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    Compress(app)
