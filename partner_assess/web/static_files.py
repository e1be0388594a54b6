"""This file holds how style, script and icon are served: small, and fetched once."""

from __future__ import annotations

import hashlib
import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor


def init(app: Flask) -> None:
    """Serve the app's static folder in front of it."""
    source = Path(app.static_folder or "")
    # Compressed once, at the start; copies, because the installation may not be writable.
    folder = Path(mkdtemp(prefix="partner-assess-static-"))
    weakref.finalize(app, shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(source, folder, dirs_exist_ok=True)
    compressor = Compressor(quiet=True)
    versions: dict[str, str] = {}
    for path in sorted(source.rglob("*")):
        if path.is_file():
            name = path.relative_to(source).as_posix()
            versions[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            if compressor.should_compress(name):
                compressor.compress(str(folder / name))

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        # A changed file has another address, so that a browser may keep each for ever.
        if endpoint == "static" and values.get("filename") in versions:
            values["v"] = versions[values["filename"]]

    app.url_defaults(add_version)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix="static/",
        immutable_file_test=lambda _path, _url: True,
    )
