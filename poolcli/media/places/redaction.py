"""Text without the secrets that URLs may hold."""

import re

__all__ = ["redacted"]

_SECRETS = (
    (re.compile(r"(://)[^/@\s?]*:[^/@\s]*@"), r"\1***@"),
    (re.compile(r"(\bhttps?://)[^/@\s?]+@"), r"\1***@"),
    (
        # Neither the colon after a name, nor what was left out before.
        re.compile(
            r"(\bhttps?://[^\s?'\"]*\?)(?!\*\*\*(?:[\s:'\")\]]|$))[^\s'\")\]]+?(?=:?(?:[\s'\")\]]|$))"
        ),
        r"\1***",
    ),
)
"""Passwords and signatures in URLs, and what stands in their place."""


def redacted(text: str) -> str:
    """Leave out passwords and query strings of the URLs in a text.

    >>> redacted("https://host/a.png?Signature=1234: no answer, s3://key:word@bucket/a.png")
    'https://host/a.png?***: no answer, s3://***@bucket/a.png'
    >>> redacted("s3://bucket/what?.png")
    's3://bucket/what?.png'
    """
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text
