# SPDX-License-Identifier: ISC
"""A stand-in for a product that has screens and no calls.

Products subclass Console and give screens; somebody who works on them signs in, goes to a menu path, presses buttons,
enters fields and opens rows.  Everything below /__sim/ is the way in for tests and no part of any product.  It listens
on 127.0.0.1 only, and logs requests with secrets masked.
"""
import argparse
import datetime
import json
import os
import random
import signal
import socket
import string
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from faults import Script

SECRETS = {"password", "Password", "Authorization"}


class Refused(Exception):
    """What the product says no to, with the rule that it follows."""

    def __init__(self, rule, text, status=409):
        super().__init__(text)
        self.rule, self.text, self.status = rule, text, status


class Screen:
    """What is on the screen: fields to fill in, buttons to press, rows with their menus, a pop-up before all."""

    def __init__(self, title, fields=None, buttons=None, rows=None, menu=None, popup=None):
        self.title = title
        self.fields = dict(fields or {})
        self.buttons = dict(buttons or {})
        self.rows = list(rows or [])
        self.menu = dict(menu or {})
        self.popup = popup  # a Screen, or None

    def show(self):
        return {
            "title": self.title,
            "fields": {label: value for label, value in self.fields.items()},
            "buttons": list(self.buttons),
            "rows": [row["shown"] for row in self.rows],
            "menu": list(self.menu),
            "popup": self.popup.show() if self.popup else None,
        }

    def top(self):
        return self.popup.top() if self.popup else self


class Desk:
    """One person at work; `said` is what the product last told."""

    def __init__(self, who, rights):
        self.who, self.rights = who, set(rights)
        self.screen = Screen("Home")
        self.told = None


class Console:
    name = "console"
    # name -> (default, evidence, what it is about); evidence: D documented by the vendor, I our own choice where nothing is
    switches = {}

    def __init__(self):
        self.lock = threading.RLock()
        self.faults = Script()
        self.begin()

    def begin(self):
        """As it was at the start; whoever was at work has to sign in anew."""
        self.desks, self.log, self.offset_s = {}, [], 0
        self.faults.clear()
        self.switch = {name: row[0] for name, row in self.switches.items()}
        self.random = random.Random(7)
        self.data = self.fresh()

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.offset_s)

    # ---- what a product says -----------------------------------------------------

    def fresh(self):
        raise NotImplementedError

    def sign_in(self, desk):
        """Refuse who may not, or set the first screen."""

    def places(self, desk):
        """Menu path -> function that gives the screen."""
        raise NotImplementedError

    def integration(self, call):
        """What an application that uses the product's API gets: (status, body)."""
        raise NotImplementedError

    def make_password(self, length=14):
        return "".join(self.random.choice(string.ascii_letters + string.digits) for _ in range(length))

    # ---- a person's hands --------------------------------------------------------

    def act(self, desk, verb, body):
        screen = desk.screen.top()
        if verb == "go":
            places = self.places(desk)
            if body["where"] not in places:
                raise Refused("screen", "there is no menu path '%s'" % body["where"])
            desk.screen = places[body["where"]]()
        elif verb == "enter":
            if body["label"] not in screen.fields:
                raise Refused("screen", "'%s' has no field '%s'" % (screen.title, body["label"]))
            screen.fields[body["label"]] = body["value"]
        elif verb == "press":
            if body["button"] not in screen.buttons:
                raise Refused("screen", "'%s' has no button '%s'" % (screen.title, body["button"]))
            screen.buttons[body["button"]]()
        elif verb == "menu":
            row = self.row(screen, body["row"])
            if body["entry"] not in screen.menu:
                raise Refused("screen", "a row of '%s' does not offer '%s'" % (screen.title, body["entry"]))
            screen.menu[body["entry"]](row)
        else:
            raise Refused("screen", "nobody can do that", 404)

    @staticmethod
    def row(screen, want):
        found = [row for row in screen.rows if all(row["shown"].get(k) == v for k, v in want.items())]
        if len(found) != 1:
            raise Refused("screen", "%d rows have the values %s" % (len(found), want))
        return found[0]

    # ---- requests ----------------------------------------------------------------

    def answer(self, method, path, body, headers):
        with self.lock:
            if path.startswith("/__sim/ui/"):
                return self.at_desk(path[len("/__sim/ui/"):], body)
            if path.startswith("/__sim/"):
                return 200, self.scaffold(method, path[len("/__sim/"):], body)
            return self.integration({"method": method, "path": path, "body": body, "headers": headers})

    def scaffold(self, method, name, body):
        if name == "fault" and method == "POST":
            try:
                self.faults.add(body["rules"])
            except ValueError as wrong:
                raise Refused("sim", str(wrong), 400) from None
        elif name == "fault" and method == "DELETE":
            self.faults.clear()
        elif name == "switch":
            if body["name"] not in self.switch:
                raise Refused("sim", "no such switch", 400)
            self.switch[body["name"]] = body["value"]
        elif name == "clock" and method == "POST":
            self.offset_s += body["advance_s"]
        elif name == "seed":
            self.seed(body)
        elif name == "reset":
            self.begin()
        views = {"state": self.state, "log": lambda: self.log, "mailbox": self.mailbox, "fault": self.faults.view,
                 "clock": lambda: {"now": self.now().isoformat()}, "switch": dict, "seed": dict, "reset": dict}
        if name not in views:
            raise Refused("sim", "there is no such scaffolding", 404)
        return views[name]()

    def seed(self, body):
        raise Refused("sim", "this product has nothing to seed", 400)

    def mailbox(self):
        """What the product has mailed, as whoever owns the mailboxes reads it."""
        return []

    def state(self):
        return self.data

    def at_desk(self, verb, body):
        if verb == "sign-in":
            desk = Desk(body.get("who", "somebody"), body.get("rights", ()))
            self.sign_in(desk)
            key = "desk-%d" % (len(self.desks) + 1)
            self.desks[key] = desk
            return 200, {"desk": key, "screen": desk.screen.show()}
        desk = self.desks.get(body.get("desk"))
        if desk is None:
            raise Refused("screen", "nobody is signed in there", 401)
        desk.told = None
        self.act(desk, verb, body)
        return 200, {"screen": desk.screen.show(), "told": desk.told}


def mask(value):
    if isinstance(value, dict):
        return {k: "(masked)" if k in SECRETS or value.get("label") in SECRETS and k == "value" else mask(v)
                for k, v in value.items()}
    return value


def handler_of(console):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def send(self, status, body, kind="application/json", half=False, retry_after=None):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if retry_after is not None:
                self.send_header("Retry-After", str(retry_after))
            self.end_headers()
            self.wfile.write(body[:len(body) // 2] if half else body)
            self.close_connection = self.close_connection or half

        def drop(self, reset=False):
            self.close_connection = True
            if reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

        def ask(self, path, body):
            try:
                status, answer = console.answer(self.command, path, body, self.headers)
            except Refused as refused:
                status, answer = refused.status, {"error": refused.text, "rule": refused.rule}
            except KeyError as missing:
                status, answer = 400, {"error": "%s is missing" % missing}
            return status, json.dumps(answer).encode()

        def leave(self, fault, status, answer):
            if fault is None or fault.kind == "delay":
                return self.send(status, answer)
            if fault.kind == "status":
                return self.send(fault.status, b'{"error": "as the fault script says"}', retry_after=fault.retry_after)
            if fault.kind == "html":
                return self.send(200, b"<html><body>a page for people</body></html>", "text/html")
            if fault.kind == "truncate":
                return self.send(status, answer, half=True)
            return self.drop(reset=fault.kind == "reset")

        def serve(self):
            length = int(self.headers.get("Content-Length") or 0)
            try:
                body = json.loads(self.rfile.read(length) or b"{}")
            except ValueError:
                return self.send(400, b'{"error": "not JSON"}')
            path = self.path.split("?")[0]
            with console.lock:
                fault = None if path == "/__sim/fault" else console.faults.strike(self.command, path)
            if fault:
                time.sleep(fault.ms / 1000)
            served = fault is None or fault.serves
            status, answer = self.ask(path, body) if served else (None, b"")
            console.log.append({"at": console.now().isoformat(), "method": self.command, "path": path, "body": mask(body),
                                "status": status, "way": fault.kind if fault else None})
            return self.leave(fault, status, answer)

        do_GET = do_POST = do_PUT = do_DELETE = serve

    return Handler


def main(kinds):
    words = ["%s: %s=%s (%s) %s" % (kind.name, name, json.dumps(row[0]), row[1], row[2])
             for kind in kinds.values() for name, row in kind.switches.items()]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="switches (D documented by the vendor, I our own choice):\n  " + "\n  ".join(words))
    parser.add_argument("product", choices=sorted(kinds))
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE")
    args = parser.parse_args()
    console = kinds[args.product]()
    for text in args.switch:
        name, value = text.split("=", 1)
        if name not in console.switch:
            sys.exit("no switch '%s'; there are: %s" % (name, ", ".join(sorted(console.switch))))
        console.switch[name] = json.loads(value)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(console))
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with open(args.port_file + ".new", "w", encoding="ascii") as file:
        file.write("%d\n" % server.server_address[1])
    os.replace(args.port_file + ".new", args.port_file)
    server.serve_forever()
