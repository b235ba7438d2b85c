#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A SCIM 2.0 service as products have one, with the habits and faults that a test gives it.

    scim_sim.py --port-file FILE --token-file FILE [--port N] [--quirks WORDS]

It listens on 127.0.0.1 and knows SCIM by the RFCs (7643, 7644, 9865), not by any client.  The token of --token-file is
taken as bearer token, as password of the user "operator" by HTTP Basic, and as secret of the OAuth client "apiuserd",
which /token gives bearer tokens.  Everything below /__sim/ is scaffolding, no part of a service:

    GET  state        users (with their password), groups, how often each userName was created, quirks
    GET  log          what was asked: method, path, body, status; credentials are left out
    POST quirks       {"WORD": VALUE, ...}; see QUIRKS
    POST faults       [{"method": M, "path": PATTERN, "nth": 1, "count": 1, "kind": K, ...}, ...]; see strike()
    POST group        {"displayName": NAME}; answers the group
    POST edit         {"userName": NAME, "set": {...}}: as somebody else does in the product's own console
    POST reset        nothing was ever there
    POST forget       tokens that /token gave are not taken any more
"""
import argparse
import base64
import copy
import fnmatch
import http.server
import json
import os
import re
import secrets
import signal
import socket
import struct
import sys
import threading
import time
import urllib.parse
import uuid

QUIRKS = {
    "undiscovered": "publishes no ServiceProviderConfig, ResourceTypes and Schemas",
    "no_patch": "has no PATCH, and says so",
    "lies_patch": "says that it has PATCH, and answers 501",
    "no_filter": "has no filters, and says so",
    "deaf_filter": "says that it has filters, and gives everybody",
    "no_external_filter": "refuses filters for externalId",
    "no_etag": "has no entity tags",
    "cursor": "pages by cursor",
    "circle": "a cursor leads to itself",
    "page_most": "gives so many resources at a time",
    "counts_page": "totalResults is the number on the page",
    "ignores_start": "each page is the first one",
    "unpaged": "gives everything at once, wherever a page shall begin",
    "shift": "takes the first user away after each first page of users",
    "skip": "lists leave this userName out, and count it",
    "overfull": "counts one less than there are",
    "born_active": "users are created active, whatever was asked",
    "texts": "booleans are texts",
    "list_removal": "members are removed by a list of values, and not by a path with a filter",
    "values_only": "operations of a PATCH have no path but to remove",
    "no_user_groups": "users do not tell their groups, and the schema does not have them",
    "bare_groups": "lists of groups leave out members",
    "everybody": "everybody is in the group Everyone",
    "json_only": "speaks application/json, and refuses another type",
    "strict_groups": "putting in who is in already is answered 409",
    "folds": "userNames are kept in lower case",
    "seats": "so many active users, one more is refused",
    "offers": "lists its roles and entitlements, and takes no others",
    "okta_offers": "the same in Okta's form: a user holds their id",
}
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
OFFER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:"
OKTA_OFFER_SCHEMA = "urn:okta:scim:schemas:core:1.0:"
# Kind, value, display, supported.  Two have one name.
OFFERS = [("Role", "viewer", "Viewing", True), ("Role", "editor", "Editing", True), ("Role", "owner", "Owning", False),
          ("Role", "east", "Regional", True), ("Role", "west", "Regional", True),
          ("Entitlement", "api", "Access by API", True)]
OFFERED = {"Role": "/Roles", "Entitlement": "/Entitlements"}
BASE = "/scim/v2"


class Refusal(Exception):
    def __init__(self, status, detail, kind=None):
        super().__init__(detail)
        self.status, self.kind = status, kind


class Service:
    def __init__(self, token):
        self.lock = threading.RLock()
        self.token = token
        self.reset()

    def reset(self):
        self.given = {}
        self.users, self.groups, self.created = {}, {}, {}
        self.quirks, self.faults, self.log = {}, [], []

    def has(self, quirk):
        return self.quirks.get(quirk)

    # ---- credentials

    def admits(self, header):
        kind, _, rest = (header or "").partition(" ")
        if kind.lower() == "bearer":
            return rest == self.token or self.given.get(rest, 0) > time.monotonic()
        return kind.lower() == "basic" and rest == pair("operator", self.token)

    def give_token(self, header, form):
        name, secret = form.get("client_id", ""), form.get("client_secret", "")
        if (header or "").lower().startswith("basic "):
            name, _, secret = base64.b64decode(header[6:]).decode().partition(":")
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if (name, secret) != ("apiuserd", self.token):
            return 401, {"error": "invalid_client"}
        token = secrets.token_urlsafe(16)
        life = self.has("token_life") or 3600
        self.given[token] = time.monotonic() + life
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": life}

    # ---- resources

    def make(self, kind, body):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        one = {name: value for name, value in body.items() if name not in ("id", "meta", "groups")}
        one["id"] = str(uuid.uuid4())
        one["meta"] = {"resourceType": kind, "created": now, "lastModified": now, "version": 1}
        return one

    def touch(self, one):
        one["meta"]["version"] += 1

    def user_named(self, name, other_than=None):
        return next((u for u in self.users.values()
                     if u["userName"].casefold() == name.casefold() and u is not other_than), None)

    def check_user(self, user, was=None):
        name = user.get("userName")
        if not isinstance(name, str) or not name:
            raise Refusal(400, "userName is required", "invalidValue")
        if self.user_named(name, was):
            raise Refusal(409, "userName is taken", "uniqueness")
        if self.has("folds"):
            user["userName"] = name.casefold()
        self.check_offers(user)
        if not isinstance(user.get("active", True), bool):
            raise Refusal(400, "active is no boolean", "invalidValue")
        seats = self.has("seats")
        if seats is not None and user.get("active", True):
            if sum(1 for u in self.users.values() if u.get("active", True) and u is not was) >= seats:
                raise Refusal(403, "no seat is left")

    # ---- roles and entitlements (draft-ietf-scim-roles-entitlements)

    def offers(self, kind):
        """The resources, by id."""
        listed = {}
        for of, value, display, supported in OFFERS:
            if of != kind:
                continue
            id_ = str(uuid.uuid5(uuid.NAMESPACE_URL, value))
            if self.has("okta_offers"):
                listed[id_] = {"schemas": [OKTA_OFFER_SCHEMA + kind], "displayName": display}
            else:
                listed[id_] = {"schemas": [OFFER_SCHEMA + kind], "value": value, "display": display,
                               "supported": supported}
            listed[id_].update({"id": id_, "meta": {"resourceType": kind}})
        return listed

    def check_offers(self, user):
        if not self.has("offers") and not self.has("okta_offers"):
            return
        for kind, name in (("Role", "roles"), ("Entitlement", "entitlements")):
            known = [one.get("value", one["id"]) for one in self.offers(kind).values()
                     if one.get("supported", True)]
            if any(given.get("value") not in known for given in user.get(name, [])):
                raise Refusal(400, "no such " + kind, "invalidValue")

    def create(self, kind, body):
        one = self.make(kind, body)
        if kind == "User":
            if self.has("born_active"):
                one["active"] = True
            self.check_user(one)
            one.setdefault("active", True)
            self.users[one["id"]] = one
            self.created[one["userName"]] = self.created.get(one["userName"], 0) + 1
            if self.has("everybody"):
                self.everyone()["members"].append({"value": one["id"]})
        else:
            if not one.get("displayName"):
                raise Refusal(400, "displayName is required", "invalidValue")
            one.setdefault("members", [])
            self.groups[one["id"]] = one
        return one

    def everyone(self):
        for group in self.groups.values():
            if group["displayName"] == "Everyone":
                return group
        return self.create("Group", {"displayName": "Everyone"})

    def put(self, kind, one, body):
        fresh = {name: value for name, value in body.items() if name not in ("id", "meta", "groups")}
        if kind == "User":
            self.check_user(fresh, one)
            fresh.setdefault("active", True)
            if "password" in one:
                fresh.setdefault("password", one["password"])
        else:
            fresh.setdefault("members", [])
            self.check_members(fresh["members"])
        keep = {"id": one["id"], "meta": one["meta"]}
        one.clear()
        one.update(fresh)
        one.update(keep)
        self.touch(one)

    def check_members(self, members):
        for member in members:
            if member.get("value") not in self.users:
                raise Refusal(400, "no such member", "invalidValue")

    def delete(self, kind, one):
        del (self.users if kind == "User" else self.groups)[one["id"]]
        for group in self.groups.values():
            group["members"] = [m for m in group["members"] if m["value"] != one["id"]]

    # ---- PATCH (RFC 7644 section 3.5.2)

    def patch(self, kind, one, body):
        if body.get("schemas") != [MESSAGES + "PatchOp"] or not body.get("Operations"):
            raise Refusal(400, "no PatchOp", "invalidSyntax")
        work = copy.deepcopy(one)
        for operation in body["Operations"]:
            self.apply(kind, work, operation)
        if kind == "User":
            self.check_user(work, one)
        else:
            self.check_members(work["members"])
        if work != one:
            one.clear()
            one.update(work)
            self.touch(one)

    def apply(self, kind, one, operation):
        op, path, value = operation.get("op", "").lower(), operation.get("path"), operation.get("value")
        if op not in ("add", "remove", "replace"):
            raise Refusal(400, "unknown operation", "invalidSyntax")
        if path is None:
            if op == "remove" or not isinstance(value, dict):
                raise Refusal(400, "no target", "noTarget")
            for name, part in value.items():
                self.set(one, op, name, part)
            return
        if self.has("values_only") and op != "remove":
            raise Refusal(400, "a path is not understood", "invalidPath")
        chosen = re.fullmatch(r'members\[value eq "([^"\\]*)"\]', path)
        if chosen and op == "remove":
            if self.has("list_removal"):
                raise Refusal(400, "a filter is not understood", "invalidPath")
            one["members"] = [m for m in one["members"] if m["value"] != chosen[1]]
        elif re.fullmatch(r"[A-Za-z]+", path):
            if path in ("id", "meta", "groups"):
                raise Refusal(400, path + " is read only", "mutability")
            if op == "remove":
                self.remove(one, path, value)
            else:
                self.set(one, op, path, value)
        else:
            raise Refusal(400, "a path is not understood", "invalidPath")

    def remove(self, one, path, value):
        if path == "members":
            gone = [m["value"] for m in value or []] if self.has("list_removal") else None
            one["members"] = [m for m in one["members"] if gone is not None and m["value"] not in gone]
        elif path == "userName":
            raise Refusal(400, "userName is required", "mutability")
        else:
            one.pop(path, None)

    def set(self, one, op, name, value):
        if op == "add" and isinstance(one.get(name), list):
            here = [e.get("value") for e in one[name]]
            if self.has("strict_groups") and any(e.get("value") in here for e in value):
                raise Refusal(409, "it is there already", "uniqueness")
            one[name] += [e for e in value if e.get("value") not in here]
        elif isinstance(one.get(name), dict) and isinstance(value, dict):
            one[name].update(value)
        else:
            one[name] = value

    # ---- showing

    def show(self, kind, one, in_list=False):
        shown = copy.deepcopy(one)
        if kind in OFFERED:
            return texts(shown) if self.has("texts") else shown
        shown.pop("password", None)
        shown["schemas"] = [USER if kind == "User" else GROUP]
        version = shown["meta"].pop("version")
        if not self.has("no_etag"):
            shown["meta"]["version"] = 'W/"%d"' % version
        if kind == "Group" and in_list and self.has("bare_groups"):
            del shown["members"]
        if kind == "User" and not self.has("no_user_groups"):
            groups = [{"value": g["id"], "display": g["displayName"], "type": "direct"} for g in self.groups.values()
                      if any(m["value"] == one["id"] for m in g["members"])]
            if groups:
                shown["groups"] = groups
        return texts(shown) if self.has("texts") else shown

    def matching(self, kind, query):
        every = list((self.users if kind == "User" else self.groups).values())
        text = query.get("filter")
        if text is None or self.has("deaf_filter"):
            return every
        if self.has("no_filter"):
            raise Refusal(400, "filters are not supported", "invalidFilter")
        name, _, value = text.partition(" eq ")
        if name == "externalId" and self.has("no_external_filter"):
            raise Refusal(400, "externalId cannot be searched for", "invalidFilter")
        if name not in ("userName", "externalId", "displayName", "id"):
            raise Refusal(400, "unknown filter", "invalidFilter")
        value = json.loads(value)
        fold = str.casefold if name in ("userName", "displayName") else str
        return [one for one in every if fold(str(one.get(name, ""))) == fold(value)]

    def list(self, kind, query):
        every = list(self.offers(kind).values()) if kind in OFFERED else self.matching(kind, query)
        skip = self.has("skip")
        shown = [one for one in every if not skip or one.get("userName") != skip]
        count = max(0, int(query.get("count", 100)))
        most = self.has("page_most")
        if most:
            count = min(count, most)
        start = max(1, int(query.get("startIndex", 1)))
        by_cursor = self.has("cursor") and "cursor" in query
        if by_cursor:
            start = int(query["cursor"][1:] or 1) if query["cursor"] else 1
        if self.has("ignores_start"):
            start = 1
        page = shown[start - 1:start - 1 + count]
        if self.has("unpaged"):
            page = shown
        total = len(every)
        if self.has("counts_page"):
            total = len(page) + (start - 1)
        if self.has("overfull"):
            total -= 1
        answer = {"schemas": [MESSAGES + "ListResponse"], "totalResults": total, "itemsPerPage": len(page),
                  "Resources": [self.show(kind, one, True) for one in page]}
        if by_cursor:
            if start - 1 + len(page) < len(shown):
                answer["nextCursor"] = query["cursor"] or "c1" if self.has("circle") else "c%d" % (start + len(page))
        elif not self.has("ignores_start") and not self.has("unpaged"):
            answer["startIndex"] = start
        if self.has("shift") and kind == "User" and start == 1 and len(page) < len(every):
            self.users.pop(next(iter(self.users)))
        return answer

    def discover(self, path):
        if self.has("undiscovered"):
            raise Refusal(404, "no such resource")

        def can(quirk):
            return {"supported": not self.has(quirk)}

        if path == "/ServiceProviderConfig":
            config = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
                      "patch": can("no_patch"), "bulk": {"supported": False}, "etag": can("no_etag"),
                      "filter": {"supported": not self.has("no_filter"), "maxResults": self.has("page_most") or 200},
                      "changePassword": {"supported": True}, "sort": {"supported": False}}
            if self.has("cursor"):
                config["pagination"] = {"cursor": True, "index": True}
            return texts(config) if self.has("texts") else config
        if path == "/ResourceTypes":
            rows = [{"id": kind, "name": kind, "endpoint": "/%ss" % kind, "schema": schema}
                    for kind, schema in (("User", USER), ("Group", GROUP))]
            if self.has("offers") or self.has("okta_offers"):
                rows += [{"id": kind, "name": kind, "endpoint": OFFERED[kind], "schema": OFFER_SCHEMA + kind}
                         for kind in OFFERED]
        else:
            names = ["userName", "externalId", "name", "displayName", "emails", "active", "roles", "entitlements"]
            if not self.has("no_user_groups"):
                names.append("groups")
            rows = [{"id": USER, "attributes": [{"name": name} for name in names]},
                    {"id": GROUP, "attributes": [{"name": "displayName"}, {"name": "members"}]}]
        return {"schemas": [MESSAGES + "ListResponse"], "totalResults": len(rows), "Resources": rows}

    # ---- the whole of it

    def answer(self, method, path, query, body, if_match):
        """Status, headers, body."""
        if path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas"):
            return 200, {}, self.discover(path)
        for kind, endpoint in OFFERED.items():
            if path == endpoint and method == "GET" and (self.has("offers") or self.has("okta_offers")):
                return 200, {}, self.list(kind, query)
        match = re.fullmatch(r"/(User|Group)s(?:/([^/]+))?", path)
        if not match:
            raise Refusal(404, "no such resource")
        kind, id_ = match[1], match[2]
        if method in ("POST", "PUT", "PATCH") and not isinstance(body, dict):
            raise Refusal(400, "the body is no JSON object", "invalidSyntax")
        if id_ is None:
            if method == "GET":
                return 200, {}, self.list(kind, query)
            if method != "POST":
                raise Refusal(405, "no such method")
            one = self.create(kind, body)
            return 201, self.tag(one), self.show(kind, one)
        one = (self.users if kind == "User" else self.groups).get(urllib.parse.unquote(id_))
        if one is None:
            raise Refusal(404, "no such resource")
        if if_match is not None and not self.has("no_etag") and if_match != self.tag(one)["ETag"]:
            raise Refusal(412, "the version is another one")
        if method == "DELETE":
            self.delete(kind, one)
            return 204, {}, None
        if method == "PATCH":
            if self.has("no_patch") or self.has("lies_patch"):
                raise Refusal(501, "PATCH is not supported")
            self.patch(kind, one, body)
        elif method == "PUT":
            self.put(kind, one, body)
        elif method != "GET":
            raise Refusal(405, "no such method")
        return 200, self.tag(one), self.show(kind, one)

    def tag(self, one):
        return {} if self.has("no_etag") else {"ETag": 'W/"%d"' % one["meta"]["version"]}

    def strike(self, method, path):
        """The fault that strikes: kind is status (with status, retry_after), drop, html, cut, reset, or delay (seconds);
        with "commit": true the request is carried out first."""
        struck = None
        for fault in self.faults:
            if fnmatch.fnmatch(method, fault.get("method", "*")) and fnmatch.fnmatch(path, fault.get("path", "*")):
                fault["seen"] = fault.get("seen", 0) + 1
                if fault["seen"] >= fault.get("nth", 1) and fault.get("struck", 0) < fault.get("count", 1) and not struck:
                    fault["struck"] = fault.get("struck", 0) + 1
                    struck = fault
        return struck

    def scaffold(self, method, path, body):
        if path == "state":
            users = [dict(self.show("User", u), password=u.get("password"),
                          groups=sorted(g["displayName"] for g in self.groups.values()
                                        if any(m["value"] == u["id"] for m in g["members"])))
                     for u in self.users.values()]
            return {"users": users, "groups": list(self.groups.values()), "created": self.created,
                    "quirks": self.quirks}
        if path == "log":
            return self.log
        if path == "quirks":
            unknown = [word for word in body if word not in QUIRKS and word != "token_life"]
            if unknown:
                raise Refusal(400, "no such quirk: %s" % unknown)
            self.quirks = body
        elif path == "faults":
            self.faults = body
        elif path == "group":
            return self.create("Group", body)
        elif path == "edit":
            user = self.user_named(body["userName"])
            if user is None:
                raise Refusal(404, "no such user")
            user.update(body["set"])
            self.touch(user)
        elif path == "reset":
            self.reset()
        elif path == "forget":
            self.given = {}
        else:
            raise Refusal(404, "no such scaffolding")
        return {}


def pair(name, secret):
    return base64.b64encode(("%s:%s" % (name, secret)).encode()).decode()


def texts(value):
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return {name: texts(part) for name, part in value.items()}
    return [texts(part) for part in value] if isinstance(value, list) else value


def masked(body):
    if not isinstance(body, dict):
        return body
    hidden = dict(body, password="***") if "password" in body else dict(body)
    for operation in hidden.get("Operations", []):
        if isinstance(operation, dict) and "password" in json.dumps(operation):
            hidden["Operations"] = "***"
            break
    return hidden


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service = None

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *words):
        pass

    def send(self, status, body, headers=None, type_=None, cut=False):
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if data:
            self.send_header("Content-Type", type_ or "application/scim+json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:len(data) // 2] if cut else data)
        if cut:
            self.close_connection = True

    def refuse(self, status, detail, kind=None, headers=None):
        body = {"schemas": [MESSAGES + "Error"], "status": str(status), "detail": detail}
        if kind:
            body["scimType"] = kind
        self.send(status, body, headers)

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def serve(self):
        split = urllib.parse.urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if split.path.startswith("/__sim/"):
            with self.service.lock:
                try:
                    self.send(200, self.service.scaffold(self.command, split.path[7:], json.loads(data or b"{}")))
                except Refusal as refusal:
                    self.refuse(refusal.status, str(refusal))
            return
        fault = None
        with self.service.lock:
            fault = self.service.strike(self.command, split.path)
        if fault and fault["kind"] == "delay":
            time.sleep(fault["seconds"])
            fault = None
        status, headers, body = 0, {}, None
        if not fault or fault.get("commit"):
            status, headers, body = self.carry_out(split, data)
        self.answer_with(fault, status, headers, body)

    def carry_out(self, split, data):
        service = self.service
        with service.lock:
            if split.path == "/token" and self.command == "POST":
                form = dict(urllib.parse.parse_qsl(data.decode()))
                status, body = service.give_token(self.headers.get("Authorization"), form)
                service.log.append({"method": "POST", "path": "/token", "status": status})
                return status, {}, body
            try:
                parsed = json.loads(data) if data else None
            except ValueError:
                parsed = None
            try:
                if not service.admits(self.headers.get("Authorization")):
                    raise Refusal(401, "no credential that is good here")
                wanted = "application/json" if service.has("json_only") else "application/scim+json"
                if data and self.headers.get("Content-Type") != wanted:
                    raise Refusal(415, "expected " + wanted)
                if not split.path.startswith(BASE + "/"):
                    raise Refusal(404, "no such resource")
                query = dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True))
                answer = service.answer(self.command, split.path[len(BASE):], query, parsed,
                                        self.headers.get("If-Match"))
            except Refusal as refusal:
                error = {"schemas": [MESSAGES + "Error"], "status": str(refusal.status), "detail": str(refusal)}
                if refusal.kind:
                    error["scimType"] = refusal.kind
                answer = refusal.status, {}, error
            service.log.append({"method": self.command, "path": self.path, "body": masked(parsed),
                                "status": answer[0], "if_match": self.headers.get("If-Match")})
            return answer

    def answer_with(self, fault, status, headers, body):
        kind = fault["kind"] if fault else None
        type_ = "application/json" if self.service.has("json_only") else None
        if kind == "status":
            extra = {"Retry-After": str(fault["retry_after"])} if "retry_after" in fault else {}
            self.refuse(fault["status"], "out of order", headers=extra)
        elif kind == "html":
            self.send(200, b"<!DOCTYPE html><title>Sign in</title>", type_="text/html")
        elif kind == "cut":
            self.send(status, body, headers, type_, cut=True)
        elif kind in ("drop", "reset"):
            if kind == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        else:
            self.send(status, body, headers, type_)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--token-file", required=True)
    parser.add_argument("--quirks", default="{}")
    options = parser.parse_args()
    with open(options.token_file, encoding="ascii") as file:
        Handler.service = Service(file.read().strip())
    Handler.service.quirks = json.loads(options.quirks)
    server = Server(("127.0.0.1", options.port), Handler)
    with open(options.port_file + ".new", "w", encoding="ascii") as file:
        file.write("%d\n" % server.server_address[1])
    os.rename(options.port_file + ".new", options.port_file)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    server.serve_forever()


main()
