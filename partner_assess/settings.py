"""This file holds the settings: read once from an environment, checked, then frozen."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "PARTNER_ASSESS_"
_ROOT = Path(__file__).parent.parent
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SHORTEST_KEY = 32
_FEWEST_SIGNS = 8
_PROXIES = tuple("0123456789")


class BadSettings(Exception):
    """A setting is missing or unsafe; `problems` name it and say what to do."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one installation to the next.

    Attributes:
        is_demo: Demo accounts, keys and clock; never beyond this machine.
        signing_keys: The folder of the agencies' keys; without it documents are not signed.
        tsa_url: A time-stamp authority that each seal asks; none where empty.
        proxies: How many web servers in front add the address they were asked from.
        fixed_now: The clock of app and commands, in the demo only.
        criteria_dir: Instruments and policies.
        asset_dir: Where `templates/` and `static/` lie.
        pseudo_languages: Offers languages made up for tests, longer and right to left.
    """

    database_url: str
    secret_key: str
    storage_url: str
    is_demo: bool = True
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    signing_keys: Path | None = None
    tsa_url: str = ""
    proxies: int = 0
    fixed_now: datetime | None = None
    criteria_dir: Path = _ROOT / "criteria"
    asset_dir: Path = _ROOT
    pseudo_languages: bool = False

    @property
    def is_https(self) -> bool:
        """Return whether cookies may be marked secure."""
        return self.base_url.startswith("https://")

    @staticmethod
    def criteria_dir_of_checkout() -> Path:
        """Return the folder of criteria that came with the code; needs no environment."""
        return _default_root() / "criteria"

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, root: Path | None = None) -> Settings:
        """Return the settings an environment states.

        Raises:
            BadSettings: with every problem found.
        """
        return _Reader(env, root or _default_root()).settings()


def _default_root() -> Path:
    # In a wheel the assets lie inside the package, in a checkout beside it.
    package = Path(__file__).parent
    return package if (package / "criteria").is_dir() else package.parent


class _Reader:
    def __init__(self, env: Mapping[str, str], root: Path) -> None:
        self.env = env
        self.root = root
        self.problems: list[str] = []

    def get(self, name: str) -> str:
        return self.env.get(PREFIX + name, "").strip()

    def settings(self) -> Settings:
        mode = self.get("MODE")
        if mode not in {"", "demo", "production"}:
            self.problems.append(f"{PREFIX}MODE is unset (demo) or production, not {mode!r}.")
        is_demo = mode != "production"
        host = self.env.get("HOST", "").strip() or "127.0.0.1"
        port = self._port(self.env.get("PORT", "").strip())
        settings = Settings(
            is_demo=is_demo,
            host=host,
            port=port,
            database_url=self._required("DATABASE_URL", is_demo, self._sqlite),
            secret_key=self._required("SECRET_KEY", is_demo, self._demo_key),
            storage_url=self._required("STORAGE_URL", is_demo, self._files),
            base_url=self._base_url(host, port, is_demo=is_demo),
            signing_keys=self._keys(is_demo=is_demo),
            tsa_url=self._web_address("TSA_URL", self.get("TSA_URL")),
            proxies=self._proxies(),
            fixed_now=self._now(is_demo=is_demo),
            criteria_dir=self.root / "criteria",
            asset_dir=self.root,
            pseudo_languages=is_demo and self.get("PSEUDO_LANGUAGES") == "1",
        )
        self._refuse_unsafe(settings)
        if self.problems:
            raise BadSettings(tuple(self.problems))
        return settings

    def _refuse_unsafe(self, settings: Settings) -> None:
        if settings.is_demo and settings.host not in _LOOPBACK:
            self.problems.append(
                f"HOST is {settings.host!r}, but the demo listens on this machine only; "
                f"set {PREFIX}MODE=production and its settings to serve others."
            )
        if not settings.is_demo and 0 < len(settings.secret_key) < _SHORTEST_KEY:
            self.problems.append(
                f"{PREFIX}SECRET_KEY is shorter than {_SHORTEST_KEY} characters; "
                "make a random one and keep it secret."
            )
        elif not settings.is_demo and 0 < len(set(settings.secret_key)) < _FEWEST_SIGNS:
            self.problems.append(
                f"{PREFIX}SECRET_KEY repeats few signs; make a random one, for example by"
                " `openssl rand -hex 32`."
            )
        base = urlsplit(settings.base_url)
        if not settings.is_demo and base.scheme == "http" and base.hostname not in _LOOPBACK:
            self.problems.append(
                f"{PREFIX}BASE_URL is {settings.base_url!r}: passwords would travel in the open."
                " Name an https:// address."
            )

    def _required(self, name: str, is_demo: bool, default: object) -> str:  # noqa: FBT001
        given = self.get(name)
        if given:
            return given
        if is_demo and callable(default):
            return str(default())
        self.problems.append(f"{PREFIX}{name} is missing; production has no default for it.")
        return ""

    def _instance(self) -> Path:
        folder = self.root / "instance"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _sqlite(self) -> str:
        return f"sqlite:///{self._instance() / 'partner-assess.db'}"

    def _files(self) -> str:
        return (self._instance() / "files").as_uri()

    def _demo_key(self) -> str:
        # Kept in a file, so that a restart signs nobody out.
        path = self._instance() / "demo-secret-key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        return path.read_text().strip()

    def _port(self, given: str) -> int:
        if not given:
            return 8000
        if given.isdecimal() and 0 < int(given) < 65536:
            return int(given)
        self.problems.append(f"PORT is a number from 1 to 65535, not {given!r}.")
        return 8000

    def _proxies(self) -> int:
        given = self.get("PROXIES") or "0"
        if given in _PROXIES:
            return int(given)
        self.problems.append(
            f"{PREFIX}PROXIES is the number of web servers in front, 0 to {_PROXIES[-1]},"
            f" not {given!r}."
        )
        return 0

    def _base_url(self, host: str, port: int, *, is_demo: bool) -> str:
        given = self.get("BASE_URL").rstrip("/")
        if not given:
            if not is_demo:
                self.problems.append(
                    f"{PREFIX}BASE_URL is missing; name the address people type, https://…"
                )
            return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        return self._web_address("BASE_URL", given)

    def _web_address(self, name: str, given: str) -> str:
        parts = urlsplit(given)
        if given and (parts.scheme not in {"http", "https"} or not parts.netloc):
            self.problems.append(f"{PREFIX}{name} is a web address, not {given!r}.")
        return given

    def _keys(self, *, is_demo: bool) -> Path | None:
        given = self.get("SIGNING_KEYS")
        if is_demo:
            return Path(given) if given else self._instance() / "keys"
        if not given:
            return None
        folder = Path(given)
        self.problems += [f"{PREFIX}SIGNING_KEYS {one}" for one in _wrong_with_keys(folder)]
        if self.get("TSA_URL") and not (folder / "time-stamp.pem").is_file():
            self.problems.append(
                f"{PREFIX}TSA_URL needs time-stamp.pem among the keys: the authority's root."
            )
        return folder

    def _now(self, *, is_demo: bool) -> datetime | None:
        given = self.get("NOW")
        if not given:
            return None
        if not is_demo:
            self.problems.append(f"{PREFIX}NOW sets the clock in the demo only; unset it.")
            return None
        try:
            instant = datetime.fromisoformat(given)
        except ValueError:
            self.problems.append(f"{PREFIX}NOW is an ISO instant, not {given!r}.")
            return None
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _wrong_with_keys(folder: Path) -> list[str]:
    """Return what is wrong with a folder of keys, as far as it is seen without reading any."""
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        return [f"names {str(folder)!r}, which is no folder that can be read."]
    if not (keys := sorted(folder.glob("*.key.pem"))):
        return [f"names {str(folder)!r}, which holds no <agency>.key.pem."]
    return [f"holds {key.name}, which {said}" for key in keys if (said := _wrong_with_key(key))]


def _wrong_with_key(key: Path) -> str:
    certificate = key.with_name(key.name.replace(".key.pem", ".cert.pem"))
    if not key.is_file() or not os.access(key, os.R_OK):
        return "cannot be read."
    if key.stat().st_mode & 0o007:
        return "everybody can read; `chmod 600` it."
    if not certificate.is_file() or not os.access(certificate, os.R_OK):
        return f"has no {certificate.name} beside it that can be read."
    return ""
