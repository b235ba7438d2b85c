#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Somebody who follows a work order to the letter.

Reads an order as JSON on standard input, does it on a console, and prints {"login", "id", "secret"} as far as the order
asks for them.  What the text does not say is not done, and a sentence that cannot be followed, a button that is not
there or a row that is not found ends the work: the order is wrong then.
"""
import argparse
import http.client
import json
import re
import sys
import urllib.error
import urllib.request


class Stuck(Exception):
    pass


class Operator:
    def __init__(self, url, rights):
        self.url, self.rights = url, rights
        self.desk = None
        self.screen = None
        self.kept, self.noted = None, {}

    def call(self, verb, **body):
        if self.desk is None and verb != "sign-in":
            raise Stuck("nobody said to sign in")
        request = urllib.request.Request(self.url + "/__sim/ui/" + verb, method="POST",
                                         data=json.dumps(dict(body, desk=self.desk)).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                answer = json.load(reply)
        except urllib.error.HTTPError as error:
            raise Stuck("the product says: %s" % json.load(error)["error"]) from None
        except (OSError, http.client.HTTPException):
            raise Stuck("the product does not answer") from None
        self.screen = answer["screen"]
        return answer

    def top(self):
        screen = self.screen
        while screen["popup"]:
            screen = screen["popup"]
        return screen

    # ---- sentences ---------------------------------------------------------------

    def sign_in(self, fields):
        self.desk = self.call("sign-in", who="operator", rights=self.rights)["desk"]

    def select(self, fields, name):
        told = self.call("press", button=name).get("told") or {}
        self.kept = told.get("copied", self.kept)

    def enter(self, fields):
        for label, value in fields:
            self.call("enter", label=label, value=value)

    def row_menu(self, fields, name):
        self.call("menu", row=dict(fields), entry=name)

    def tick(self, fields):
        self.call("menu", row=dict(fields), entry="(tick)")

    def choose_only(self, fields, section):
        """A list of ticks: those named and no others.  The section's name is not needed to find them."""
        chosen = [value for _, value in fields]
        ticks = [label for label, value in self.top()["fields"].items() if value in ("ticked", "not ticked")]
        for name in chosen:
            if name not in ticks:
                raise Stuck("%s does not offer '%s'" % (section, name))
        for name in ticks:
            self.call("enter", label=name, value="ticked" if name in chosen else "not ticked")

    def set_every(self, fields, level):
        for label in self.top()["fields"]:
            self.call("enter", label=label, value=level)

    def see_none(self, fields):
        if any(all(row.get(k) == v for k, v in fields) for row in self.top()["rows"]):
            raise Stuck("a row has %s already" % dict(fields))

    def note(self, fields, column):
        rows = [row for row in self.top()["rows"] if all(row.get(k) == v for k, v in fields)]
        if len(rows) != 1:
            raise Stuck("%d rows have %s" % (len(rows), dict(fields)))
        self.noted[column] = rows[0][column]

    def confirm(self, fields):
        buttons = [name for name in self.top()["buttons"] if name not in ("Cancel", "No")]
        if len(buttons) != 1:
            raise Stuck("which of %s confirms?" % buttons)
        self.call("press", button=buttons[0])

    def confirm_if_asked(self, fields):
        if self.screen["popup"]:
            self.confirm(fields)

    SENTENCES = [
        (r'Sign in to .*', sign_in),
        (r'In the row with these values open the arrow menu and select "(.+)"\.', row_menu),
        (r'In the section "[^"]+" (?:set this; where it is not offered, .*|enter these values\.)', enter),
        (r'In the section "([^"]+)" choose these and no others\.', choose_only),
        (r'Enter these values\.|Then set these tabs\.|Choose this organisation\.', enter),
        (r'Tick the checkbox of the API user with these values\.', tick),
        (r'Set every tab of the areas Self, Team and Secondary to "(.+)"\.', set_every),
        (r'See that no row has these values; if one has, fail this order and say so\.', see_none),
        (r'Note the (\w+) of the row with these values\.', note),
        (r'Confirm the form\.', confirm),
        (r'Confirm, if the product asks\.', confirm_if_asked),
        (r'Select "([^"]+)"(?: on the pop-up| in the Confirm prompt)?(?: and keep the password .*)?\.', select),
    ]

    def follow_line(self, line):
        fields = [(field["label"], field["value"]) for field in line.get("fields", [])]
        if line.get("where"):
            self.call("go", where=line["where"])
        for pattern, deed in self.SENTENCES:
            match = re.fullmatch(pattern, line["what"])
            if match:
                return deed(self, fields, *match.groups())
        raise Stuck("I do not understand: %s" % line["what"])

    def follow(self, order):
        for number, line in enumerate(order["lines"], 1):
            try:
                self.follow_line(line)
            except Stuck as stuck:
                raise Stuck("line %d, '%s': %s" % (number, line["what"], stuck)) from None
        report = {}
        for ask in order.get("asks", []):
            if ask["value"] not in self.noted:
                raise Stuck("nobody said where to see '%s'" % ask["value"])
            report[ask["label"]] = self.noted[ask["value"]]
        if order.get("secret") == "shown":
            if not self.kept:
                raise Stuck("no secret was shown")
            report["secret"] = self.kept
        return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--right", action="append", default=[], help="what the operator may do there")
    args = parser.parse_args()
    try:
        json.dump(Operator(args.url, args.right).follow(json.load(sys.stdin)), sys.stdout)
    except Stuck as stuck:
        sys.exit(str(stuck))


if __name__ == "__main__":
    main()
