"""This file holds how passwords are hashed and checked."""

from __future__ import annotations

import ctypes

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's lower set (19 MiB, 2 passes): eight sign-ins at once stay under 160 MiB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# Checked where there is no such account, so that both answers take the same time.
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and settings."""
    return _HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Return whether the password is right; None (no such account) is always wrong."""
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _give_back_memory()


def _give_back_memory() -> None:
    """Return the 19 MiB of a hash to the system; glibc would keep them for the process's life."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
