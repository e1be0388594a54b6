"""This file holds the command that serves the app."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

from partner_assess.adapters import pdf
from partner_assess.cli.runner import Runner

if TYPE_CHECKING:
    from flask import Flask

    from partner_assess.cli.main import Parts


_ARENA_MAX = -8  # glibc's name for the setting: M_ARENA_MAX


class _Server(BaseApplication):
    """gunicorn, told in code: one process, in which the job thread lives too."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the app."""
        return self._app


@click.command()
@click.pass_obj
def serve(parts: Parts) -> None:
    """Serve the app in the foreground, and run its jobs beside it."""
    _share_one_heap()
    settings = parts.settings
    app = parts.create_app(settings, engine=parts.engine, ports=parts.ports)

    def started(_worker: Any) -> None:
        # After the fork: a connection opened before it must not be shared with the parent.
        parts.engine.dispose(close=False)
        Runner(parts).start()

    def listening(_server: Any) -> None:
        click.echo(f"Listening on {_address(settings.host, settings.port)}")
        _say_demo(parts)

    _Server(
        app,
        {
            "bind": f"[{settings.host}]:{settings.port}"
            if ":" in settings.host
            else f"{settings.host}:{settings.port}",
            "workers": 1,
            "threads": 8,
            "worker_class": "gthread",
            "control_socket_disable": True,
            "timeout": 60,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "post_worker_init": started,
            "when_ready": listening,
        },
    ).run()


def _share_one_heap() -> None:
    """Let all threads take memory from one heap: glibc gives each its own, and keeps them all."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, 1)


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say_demo(parts: Parts) -> None:
    if not parts.settings.is_demo:
        return
    from partner_assess.cli.demo import ACCOUNTS, PASSWORD

    click.echo(f"Demo accounts, all with the password {PASSWORD}:")
    for account in ACCOUNTS:
        click.echo(f"  {account.email:28} {account.said}")
    if why := pdf.available():
        click.echo(f"PDF is switched off on this server: {why}")


commands = (serve,)
