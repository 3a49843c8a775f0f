"""Signing in at an issuer, by OpenID Connect: the code flow with PKCE, state and nonce.

``pages`` sends the browser there and takes it back; what it was about meanwhile is in ``departures``. ``asking`` asks
the issuer, within limits, and ``answers`` sees whether what it says is to be believed. ``told`` is what that means
here, by the settings, and ``arriving`` does it: the person (``identities``), and where they belong. ``ending`` is
signing out.
"""
