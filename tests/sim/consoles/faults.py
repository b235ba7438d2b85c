# SPDX-License-Identifier: ISC
"""The fault script: which requests go wrong, and how.  Not part of any product; the same words as in the other simulators."""
import fnmatch

KINDS = ("status", "delay", "drop", "drop-after-commit", "html", "truncate", "reset")
SERVED = ("delay", "drop-after-commit", "truncate")  # the request is served all the same
MEMBERS = {"match", "do", "count", "status", "ms", "retry_after", "commit"}


class Fault:
    def __init__(self, rule):
        match = rule.get("match", {})
        if set(rule) - MEMBERS or set(match) - {"method", "path", "nth"} or rule.get("do") not in KINDS:
            raise ValueError("a rule has an unknown member, or an unknown \"do\"")
        self.method, self.path, self.nth = match.get("method", "*"), match.get("path", "*"), match.get("nth", 1)
        self.kind, self.count = rule["do"], rule.get("count", 1)
        self.status, self.ms, self.retry_after = rule.get("status", 500), rule.get("ms", 0), rule.get("retry_after")
        self.serves = self.kind in SERVED or rule.get("commit", False)
        self.seen = self.struck = 0

    def strikes(self, method, path):
        if not (fnmatch.fnmatchcase(method, self.method) and fnmatch.fnmatchcase(path, self.path)):
            return False
        self.seen += 1
        return self.seen >= self.nth and (self.count == 0 or self.struck < self.count)

    def view(self):
        return {"method": self.method, "path": self.path, "do": self.kind, "seen": self.seen, "struck": self.struck}


class Script:
    """Rules are tried in the order in which they came; each counts the requests that it matches."""

    def __init__(self):
        self.rules = []

    def add(self, rules):
        self.rules += [Fault(rule) for rule in rules]

    def clear(self):
        self.rules = []

    def strike(self, method, path):
        """The first rule that strikes, or None."""
        striking = None
        for rule in self.rules:
            if rule.strikes(method, path) and striking is None:
                rule.struck += 1
                striking = rule
        return striking

    def view(self):
        return {"rules": [rule.view() for rule in self.rules]}
