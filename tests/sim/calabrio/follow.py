#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Somebody who follows a work order of Calabrio ONE or Workforce Optimization to the letter.

Reads the order as JSON from the first line of standard input and the password that the order tells to type from the
second one.  What the text does not say is not done, and a path, a sentence or a user that is not there ends the work:
the order is wrong then.
"""
import json
import re
import sys
import urllib.error
import urllib.request

SCREEN = "Application Management > Global > User Configuration > "


class Stuck(Exception):
    pass


class Operator:
    def __init__(self, url, password):
        self.url, self.password = url, password
        self.screen = self.user = None

    def do(self, screen, call, **body):
        if self.screen != SCREEN + screen:
            raise Stuck("the screen is '%s'" % self.screen)
        if self.user is None:
            raise Stuck("nobody said which user")
        request = urllib.request.Request(self.url + "/__sim/ui/" + call, method="POST",
                                         data=json.dumps(dict(body, email=self.user)).encode())
        try:
            urllib.request.urlopen(request, timeout=60).close()
        except urllib.error.HTTPError as error:
            raise Stuck("the product says: %s" % error.read().decode()) from None

    def select_user(self, fields):
        self.user = fields["User Name"]

    def main_view(self, fields):
        name = fields["WFM Views"]
        if name != "EnterpriseView":
            raise Stuck("there is no view '%s'" % name)
        self.do("Users", "user-edit", set={"views": [{"id": 1, "name": name, "main": True}]})

    def enter_password(self, fields):
        self.do("Users", "password", password=self.password)

    def legacy_access(self, fields):
        self.select_user(fields)
        self.do("Legacy API Access", "legacy-api", password=self.password)

    SENTENCES = [
        (r"Select the user\.", select_user),
        (r"Assign EnterpriseView as the main view(?: and select Save)?\.", main_view),
        (r"Enter the password in the Password field and select Save\.", enter_password),
        (r"Select the user, enable legacy API access, enter the API password and select Save\.", legacy_access),
    ]

    def follow_line(self, line):
        fields = {field["label"]: field["value"] for field in line.get("fields", [])}
        self.screen = line.get("where") or self.screen
        for pattern, deed in self.SENTENCES:
            if re.fullmatch(pattern, line["what"]):
                return deed(self, fields)
        raise Stuck("I do not understand")


def main():
    order, password = json.loads(sys.stdin.readline()), sys.stdin.readline().rstrip("\n")
    if order.get("secret") != "typed" or not password:
        sys.exit("the order has no password to type")
    operator = Operator(sys.argv[1], password)
    for number, line in enumerate(order["lines"], 1):
        try:
            operator.follow_line(line)
        except Stuck as stuck:
            sys.exit("line %d, '%s': %s" % (number, line["what"], stuck))
        except KeyError as missing:
            sys.exit("line %d, '%s': it has no field %s" % (number, line["what"], missing))


if __name__ == "__main__":
    main()
