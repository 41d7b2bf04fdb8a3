"""Loaded into Python by flowcheck before the app: redirects connections to Klaviyo's hosts to flowcheck's gateway.

urllib3, which Klaviyo's own SDK uses, ignores HTTPS_PROXY, so this patches the name resolution that every HTTP client for Python
uses. TLS is not changed: it still sends Klaviyo's name and checks the certificate for it.
"""

import os
import sys


def redirect_to_gateway(gateway):
    import re
    import socket

    host, _, port = gateway.rpartition(":")
    klaviyo = re.compile(r"([^.]+\.)*klaviyo\.com\.?", re.IGNORECASE)
    theirs = (443, 80, "443", "80", "https", "http")
    look_up = socket.getaddrinfo

    def text(name):
        return name.decode("ascii", "replace") if isinstance(name, (bytes, bytearray)) else name

    def getaddrinfo(name, service, *rest, **named):
        asked = text(name)
        if isinstance(asked, str) and klaviyo.fullmatch(asked) and text(service) in theirs:
            name, service = host, int(port)
        return look_up(name, service, *rest, **named)

    socket.getaddrinfo = getaddrinfo


def load_shadowed_sitecustomize():
    import importlib.machinery
    import importlib.util

    here = os.path.dirname(os.path.abspath(__file__))
    elsewhere = [place for place in sys.path if os.path.abspath(place) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
    if spec and spec.loader:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if os.environ.get("FLOWCHECK_GATEWAY"):
    redirect_to_gateway(os.environ["FLOWCHECK_GATEWAY"])
load_shadowed_sitecustomize()
