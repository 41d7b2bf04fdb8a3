"""The resources there are, as far as answers have told."""

from collections import defaultdict

from bodies import NotThereYet


# What has the id of what it is about.
SAME_AS = {
    "campaign-send-job": "campaign",
    "campaign-recipient-estimation-job": "campaign",
    "campaign-recipient-estimation": "campaign-recipient-estimation-job",
    "profile-merge": "profile",
    "campaign-audience-clone": "campaign-audience",
}


class Ids:
    def __init__(self, kinds):
        """`kinds`: the type of the resources at each place below /api."""
        self.kinds = kinds
        self.known = defaultdict(list)
        self.used = []

    def of(self, kind):
        if not self.known[kind]:
            raise NotThereYet(kind)
        self.used.append((kind, self.known[kind][-1]))
        return self.known[kind][-1]

    def to_name(self, kind):
        """The id to name one by that need not be there yet."""
        return self.of(SAME_AS.get(kind, kind))

    def at(self, path):
        """Type and id of what a path is about."""
        place = path.split("/")[2]
        kind = self.kinds.get(place, place.removesuffix("s"))
        return kind, self.of(kind) if self.known[kind] else self.to_name(kind)

    def learn(self, answer):
        """Takes note of the resources in an answer; says whether it is about any."""
        told = answer.to_dict() if hasattr(answer, "to_dict") else answer
        self.note(told)
        return isinstance(told, dict) and bool(told.get("data"))

    def note(self, told):
        if isinstance(told, list):
            for one in told:
                self.note(one)
        elif isinstance(told, dict):
            kind, this = told.get("type"), told.get("id")
            if isinstance(kind, str) and isinstance(this, str) and this not in self.known[kind]:
                self.known[kind].append(this)
            for one in told.values():
                self.note(one)

    def forget_the_used(self):
        for kind, this in self.used:
            if this in self.known[kind]:
                self.known[kind].remove(this)
