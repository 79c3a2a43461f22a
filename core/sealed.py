"""Secrets kept in the database: encrypted with a key made of SECRET_KEY, so that a copy of the database tells none."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """The text was sealed with another SECRET_KEY, or is none of ours."""


def seal(text: str) -> str:
    """The text, encrypted."""
    return _cipher().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises Unreadable where SECRET_KEY is another one than when it was."""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _cipher() -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"walkthrough.sealed").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
