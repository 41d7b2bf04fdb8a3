"""Calls every operation that Klaviyo's SDK for Python has and Klaviyo publishes, and says which answers it could read.

What each needs is worked out from its signature and from the SDK's own models. Resources that one operation gives are
what the next ones are about: those that create come first, those that delete come last.

    read_everything.py ACCESS_TOKEN OPERATIONS.csv ANSWERS.csv
"""

import csv
import inspect
import json
import sys
import typing

from klaviyo_api import KlaviyoAPI
from openapi_client.exceptions import ApiException
from pydantic import BaseModel

import bodies
from bodies import NotThereYet
from ids import Ids

# Where one is asked for.
FILTERS = {
    "get_campaigns": lambda ids: "equals(messages.channel,'email')",
    "get_coupon_codes": lambda ids: f'equals(coupon.id,"{ids.of("coupon")}")',
}
PICTURE = bytes.fromhex("89504e470d0a1a0a")


def main():
    token, operations, answers = sys.argv[1:]
    published = {row["operation_id"]: row for row in rows(operations)}
    ids = Ids(kinds_by_place(published, {row["operation_id"]: row["type"] for row in rows(answers)}))
    calls = calls_of(KlaviyoAPI(api_key=None, access_token=token, max_retries=1))
    sdk = {name: calls[name] for name in published if name in calls}
    reading = Reading(sdk, published, ids)

    # Twice, so that something is left to read and to change when something was deleted.
    reading.go_through(creates)
    reading.go_through(reads)
    reading.go_through(creates)
    # Before and after changes: what is read first are things to change, and a change gives more to read.
    reading.go_through(reads)
    reading.go_through(changes)
    reading.go_through(reads)
    reading.go_through(unties)
    reading.go_through(deletes)
    # The jobs that deleted are there by now.
    reading.go_through(lambda operation: reads(operation) and operation["operation_id"] in reading.waiting)

    for name in sorted(reading.read):
        print(f"read {name}")
    for name, why in sorted(reading.unread.items()):
        print(f"unread {name}: {why}")
    print(
        f"the SDK has {len(sdk)} of {len(published)} published operations: {len(reading.read)} were read, "
        f"{len(reading.full)} of them with resources, and {len(reading.unread)} were not"
    )


class Reading:
    def __init__(self, sdk, published, ids):
        self.sdk, self.published, self.ids = sdk, published, ids
        self.read, self.full, self.waiting, self.unread = set(), set(), set(), {}

    def go_through(self, phase):
        """Calls the operations of a phase, those that have to wait for others after these."""
        names = [name for name in self.sdk if phase(self.published[name])]
        while names:
            still = [name for name in names if not self.call(name)]
            if still == names:
                break
            names = still

    def call(self, name):
        """Calls one, unless it has to wait."""
        call, signature = self.sdk[name]
        operation = self.published[name]
        self.ids.used.clear()
        try:
            given = arguments(signature, operation, self.ids)
        except NotThereYet as missing:
            self.waiting.add(name)
            self.unread.setdefault(name, f"there is no {missing} to call it with")
            return False
        self.waiting.discard(name)
        try:
            answer = call(*given)
        except ApiException as error:
            if error.status == 404 and deletes(operation):
                # It went with something else that was deleted; there may be another.
                self.ids.forget_the_used()
                return False
            details = [one["detail"] for one in json.loads(error.body)["errors"]]
            self.is_unread(name, f"answered {error.status}: {'; '.join(details)}")
        except Exception as error:
            self.is_unread(name, " ".join(f"{type(error).__name__}: {error}".split()))
        else:
            self.read.add(name)
            self.unread.pop(name, None)
            if deletes(operation):
                self.ids.forget_the_used()
            if self.ids.learn(answer):
                self.full.add(name)
        return True

    def is_unread(self, name, why):
        self.read.discard(name)
        self.unread[name] = why


def arguments(signature, operation, ids):
    """What an operation cannot be called without."""
    this = ids.at(operation["path"]) if "{" in operation["path"] else None
    given = []
    for name, parameter in signature.parameters.items():
        if name == "self" or parameter.default is not inspect.Parameter.empty:
            continue
        kind = typing.get_args(parameter.annotation)[0] if typing.get_origin(parameter.annotation) else parameter.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            given.append(bodies.body(kind, ids, this))
        elif name in ("id", "job_id"):
            given.append(this[1])
        elif name == "file":
            given.append(PICTURE)
        elif name == "filter":
            given.append(FILTERS[operation["operation_id"]](ids))
        else:
            raise NotImplementedError(f"{name}, which is {kind}")
    return given


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def calls_of(klaviyo):
    """The SDK's operations as its users call them, and their signatures, which its wrappers do not show."""
    groups = [getattr(klaviyo, name) for name, what in vars(KlaviyoAPI).items() if isinstance(what, property)]
    return {
        name: (call, inspect.signature(getattr(type(group), name)))
        for group in groups
        for name, call in vars(group).items()
        if callable(call)
    }


def kinds_by_place(published, kinds):
    """The type of the resources at each place below /api: what the operations right there answer with."""
    found = {}
    for name, kind in kinds.items():
        parts = published[name]["path"].split("/")
        if len(parts) == 3 or (len(parts) == 4 and parts[3].startswith("{")):
            found.setdefault(parts[2], kind)
    return found


def creates(operation):
    return operation["method"] == "POST" and not changes(operation) and not ends(operation)


def changes(operation):
    ties = "/relationships/" in operation["path"] or "assign" in operation["operation_id"]
    return operation["method"] == "PATCH" or (operation["method"] == "POST" and ties)


def reads(operation):
    return operation["method"] == "GET"


def unties(operation):
    return operation["method"] == "DELETE" and "/relationships/" in operation["path"]


def deletes(operation):
    return ends(operation) or (operation["method"] == "DELETE" and not unties(operation))


def ends(operation):
    """Whether it ends what it is about, though it is a POST."""
    name = operation["operation_id"]
    return operation["method"] == "POST" and any(word in name for word in ("delete", "deletion", "merge"))


main()
