"""Loaded into Python by flowcheck before the app: its clock follows Klaviyo's, which flowcheck moves.

time and datetime show this machine's time, plus the seconds in a file; timers count real time. Once the process calls Klaviyo it
says so by a file of its own. Where libfaketime moves the clock, only what it breaks is mended.
"""

import os
import sys


def follow(path):
    import ctypes
    import datetime
    import gc
    import re
    import socket
    import time

    real_time, real_time_ns = time.time, time.time_ns
    known = [0]

    def ahead():
        try:
            with open(path, encoding="ascii") as file:
                known[0] = int(file.read())
        except (OSError, ValueError):
            pass  # The app goes on by the time it knew last.
        return known[0]

    def of_now(real):
        def patched(seconds=None):
            return real(time.time() if seconds is None else seconds)

        return patched

    def strftime(form, when=None, real=time.strftime):
        return real(form, time.localtime() if when is None else when)

    def asctime(when=None, real=time.asctime):
        return real(time.localtime() if when is None else when)

    time.time = lambda: real_time() + ahead()
    time.time_ns = lambda: real_time_ns() + ahead() * 1_000_000_000
    time.localtime, time.gmtime, time.ctime = map(of_now, (time.localtime, time.gmtime, time.ctime))
    time.strftime, time.asctime = strftime, asctime

    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)

    def utcnow(cls):
        return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)

    def today(cls):
        return cls.fromtimestamp(time.time())

    # In the types themselves: others of the same name would not be those that databases and serializers know.
    for kind, patched in ((datetime.datetime, (now, utcnow, today)), (datetime.date, (today,))):
        members = gc.get_referents(kind.__dict__)[0]
        for method in patched:
            members[method.__name__] = classmethod(method)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))

    ports = {int(port) for port in os.environ.get("FLOWCHECK_KLAVIYO_PORTS", "").split(",") if port}
    klaviyo = re.compile(r"([^.]+\.)*klaviyo\.com\.?", re.IGNORECASE)

    def say():
        try:
            with open(path + ".seen", "w", encoding="ascii"):
                pass
        except OSError:
            pass  # Then flowcheck believes that this clock stood still, and leaves more to a person.

    look_up = socket.getaddrinfo

    def getaddrinfo(name, *rest, **named):
        asked = name.decode("ascii", "replace") if isinstance(name, (bytes, bytearray)) else name
        if isinstance(asked, str) and klaviyo.fullmatch(asked):
            say()
        return look_up(name, *rest, **named)

    def watched(real):
        def patched(self, address):
            if isinstance(address, tuple) and address[1] in ports:
                say()
            return real(self, address)

        return patched

    socket.getaddrinfo = getaddrinfo
    socket.socket.connect = watched(socket.socket.connect)
    socket.socket.connect_ex = watched(socket.socket.connect_ex)


def mend_sleep():
    """Since version 3.11 time.sleep waits for a time of the clock that libfaketime leaves alone, and libfaketime refuses that."""
    import errno
    import select
    import time

    real_sleep, wait = time.sleep, select.select

    def sleep(seconds, /):
        try:
            real_sleep(seconds)
        except OSError as refused:
            if refused.errno != errno.EINVAL:
                raise
            wait([], [], [], seconds)

    time.sleep = sleep


def load_shadowed_sitecustomize(visited):
    import importlib.machinery
    import importlib.util

    elsewhere = [place for place in sys.path if os.path.abspath(place) not in visited]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
    if spec and spec.loader and spec.origin:
        visited.add(os.path.dirname(os.path.abspath(spec.origin)))
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


# The gateway's, which this one loads, loads the first that is not its own: this one again.
if not hasattr(sys, "_flowcheck_visited"):
    sys._flowcheck_visited = {os.path.dirname(os.path.abspath(__file__))}
    if "faketime" in os.environ.get("LD_PRELOAD", ""):
        mend_sleep()
    elif os.environ.get("FLOWCHECK_CLOCK"):
        follow(os.environ["FLOWCHECK_CLOCK"])
load_shadowed_sitecustomize(sys._flowcheck_visited)
