"""Where something came from, so coarsely that it can be compared and not followed back.

An IP address is personal data. What the log is for is to see whether tries come from one place or many, and from
another place than usual: a mark, under the secret key, of the network that one customer usually has, is enough. Whoever
has an address from elsewhere (a web server's own log) and the key can ask for its mark: ``larnat audit origin``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress

# 40 bits: enough to tell the networks of a few years apart.
LENGTH = 5


def origin_of(secret: str, address: str) -> str:
    """The mark of the network that an address belongs to; "" for no address."""
    if not address:
        return ""
    digest = hmac.digest(secret.encode(), f"audit origin:{network_of(address)}".encode(), hashlib.sha256)
    return base64.b32encode(digest[:LENGTH]).decode().lower()


def network_of(address: str) -> str:
    """The network that an address belongs to, as far as one customer's usually reaches."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 56), strict=False))
