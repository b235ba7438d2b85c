#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A SCIM 2.0 service whose people, groups and manners lie in files that a test changes while it runs.

    fake_scim.py DIR

    DIR/port      where it listens on 127.0.0.1, written by us; where DIR/port_again says, when there is one
    DIR/people    "ID userName mail [disabled] [at=SECONDS]" a line, DIR/groups "ID displayName [member...]"; read at each request
    DIR/manners   words: see MANNERS
    DIR/token     the bearer token that is taken; a new one with each that is fetched from /token
    DIR/client    "ID SECRET", percent-encoded: who may fetch one; without SECRET, the certificate's common name
    DIR/requests  what was asked, written by us
    DIR/tls.pem   with it TLS is spoken: certificate and key; and with DIR/ca.pem, clients need a certificate

A resource's meta.lastModified moves when its line does, unless at=SECONDS (of the Unix clock) says it.
"""
import base64
import http.server
import json
import os
import re
import secrets
import ssl
import sys
import time
import urllib.parse

MANNERS = """
cursor       pages by cursor (RFC 9865)
filter       searches by meta.lastModified, and says so
refuse       says that it searches by time, and then does not
etag         gives lists entity tags, and heeds If-None-Match
bare         lists leave out members
never        single groups leave out members too
tells        users tell which groups they are in
vague=ID     this user is in a group without an id
busy=N       of N requests, the last one is answered 429 or what status says, with Retry-After when after says one
wobble       pages are shorter than asked for, each in another way
forgets      a cursor is forgotten as soon as it is given; or, with DIR/forget, the next one, and the file goes
extra        users have an extension: work address and status; and all are active
most=N       gives N resources at a time and says so
shift        takes the first away after each first page
twice        each page begins one too early
skip=ID      a list leaves this one out, and does not count it
miscount     names one more than there are
dull         no meta
status=N     answers everything so
after=N      with Retry-After
html         speaks HTML
cut          ends in the middle
huge         answers a megabyte
clash        the first group has the first user's id
rubbish=ID   this user has a number for a userName
lives=N      fetched tokens say that they last so many seconds; without it they say nothing
denies=E     /token answers this error, and repeats the secret that it was sent
mac          /token gives another kind of token
breaks       /token gives something that no header could hold
"""

work = sys.argv[1]
modified = {}
counts = {"requests": 0, "pages": 0}


def path(name):
    return os.path.join(work, name)


def lines(name):
    with open(path(name), encoding="utf-8") as file:
        return [line.split() for line in file if line.strip()]


def manners():
    words = {}
    for line in lines("manners"):
        for word in line:
            name, _, value = word.partition("=")
            words[name] = value
    return words


def meta(key, line):
    text = " ".join(line)
    said = [word for word in line if word.startswith("at=")]
    if said:
        modified[key] = (text, float(said[0][3:]))
    if modified.get(key, ("", 0))[0] != text:
        modified[key] = (text, time.time())
    at = modified[key][1]
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + ".%03dZ" % (at % 1 * 1000)
    return {"lastModified": stamp}


def users(how):
    for line in lines("people"):
        user = {
            "id": line[0],
            "userName": 7 if how.get("rubbish") == line[0] else line[1],
            "name": {"givenName": line[1].title(), "familyName": "Example"},
            "emails": [{"value": "old." + line[2]}, {"value": line[2], "primary": True}],
            "active": len(line) < 4 or line[3] != "disabled",
        }
        if "dull" not in how:
            user["meta"] = meta("user " + line[0], line)
        if "tells" in how:
            user["groups"] = [{"value": group[0], "type": "direct"} for group in lines("groups") if line[0] in group[2:]]
        if how.get("vague") == line[0]:
            user["groups"].append({"display": "somewhere"})
        if "extra" in how:
            status = "ACTIVE" if user["active"] else "SUSPENDED"
            user["urn:example:User"] = {"status": status, "mails": [{"kind": "work", "at": line[2]}]}
            user.update(active=True, emails=[])
        yield user


def groups(how):
    for number, line in enumerate(lines("groups")):
        group = {"id": line[0], "displayName": line[1], "members": [{"value": member} for member in line[2:]]}
        if "clash" in how and number == 0:
            group["id"] = lines("people")[0][0]
        if not group["members"]:
            del group["members"]
        if "dull" not in how:
            group["meta"] = meta("group " + line[0], line)
        yield group


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, ssl.SSLError):
            pass  # the other side may go at any time

    def reply(self, status, body, fields=()):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/scim+json")
        self.send_header("Content-Length", str(len(data) + (1 if self.how.keys() & {"cut"} else 0)))
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        if "cut" in self.how:
            self.close_connection = True

    def problem(self, status, detail, fields=()):
        self.reply(status, json.dumps({"status": str(status), "detail": detail}), fields)

    def note(self, text):
        with open(path("requests"), "a", encoding="utf-8") as file:
            file.write(text + "\n")

    def common_name(self):
        subject = dict(pair for part in self.connection.getpeercert()["subject"] for pair in part)
        return subject["commonName"]

    def do_POST(self):
        """The token endpoint (RFC 6749 section 4.4)."""
        self.how = manners()
        form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        shown = [form.pop("client_id", None), form.pop("client_secret", None)]
        scheme, _, basic = (self.headers["Authorization"] or "").partition(" ")
        if scheme == "Basic":
            shown = [urllib.parse.unquote(word) for word in base64.b64decode(basic).decode().split(":", 1)]
        known = [urllib.parse.unquote(word) for word in lines("client")[0]]
        if len(known) == 1:
            known, shown[1] = [known[0], self.common_name()], shown[1] or self.common_name()
        self.note("token %s %s" % (scheme or "form", urllib.parse.urlencode(sorted(form.items()))))
        if self.path != "/token":
            return self.problem(404, "not here")
        error = self.how.get("denies") or (None if shown == known else "invalid_client")
        if error or form.get("grant_type") != "client_credentials":
            text = json.dumps({"error": error, "error_description": "not with %s" % shown[1]})
            return self.reply(401 if error == "invalid_client" else 400, text)
        token = secrets.token_urlsafe(12)
        with open(path("token.new"), "w", encoding="utf-8", opener=lambda name, how: os.open(name, how, 0o600)) as file:
            file.write(token)
        os.rename(path("token.new"), path("token"))
        answer = {"access_token": token, "token_type": "mac" if "mac" in self.how else "bearer"}
        if "lives" in self.how:
            answer["expires_in"] = int(self.how["lives"])
        if "breaks" in self.how:
            answer["access_token"] += "\r\nX-Evil: 1"
        return self.reply(200, json.dumps(answer))

    def do_GET(self):
        self.how = manners()
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.note(urllib.parse.unquote(self.path))
        with open(path("token"), encoding="utf-8") as file:
            if self.headers["Authorization"] != "Bearer " + file.read().strip():
                return self.problem(401, "no such token: %s" % self.headers["Authorization"])
        if "busy" in self.how:
            counts["requests"] += 1
            if counts["requests"] % int(self.how["busy"]) == 0:
                self.note("busy %.3f" % time.time())
                fields = [("Retry-After", self.how["after"])] if "after" in self.how else []
                return self.problem(int(self.how.get("status", 429)), "not so fast", fields)
        elif "status" in self.how:
            fields = [("Retry-After", self.how["after"])] if "after" in self.how else []
            return self.problem(int(self.how["status"]), "it is \x1b[31mso", fields)
        if "html" in self.how:
            return self.reply(200, "<html>Log in</html>")
        if "huge" in self.how:
            return self.reply(200, json.dumps({"filler": "x" * 1000000}))
        parts = [urllib.parse.unquote(part) for part in url.path.split("/")[1:]]
        if parts[:2] != ["scim", "v2"]:
            return self.problem(404, "not here")
        if parts[2:] == ["ServiceProviderConfig"]:
            return self.config()
        if parts[2] not in ("Users", "Groups"):
            return self.problem(404, "no such endpoint")
        everybody = list((users if parts[2] == "Users" else groups)(self.how))
        return self.single(everybody, parts[3]) if len(parts) > 3 else self.listing(everybody, query)

    def config(self):
        most = int(self.how.get("most", 1000))
        config = {"filter": {"supported": bool(self.how.keys() & {"filter", "refuse"}), "maxResults": most}}
        if "cursor" in self.how:
            config["pagination"] = {"cursor": True, "index": True, "maxPageSize": most}
        return self.reply(200, json.dumps(config))

    def single(self, everybody, wanted):
        for resource in everybody:
            if resource["id"] == wanted:
                if "never" in self.how:
                    resource.pop("members", None)
                return self.reply(200, json.dumps(resource))
        return self.problem(404, "no such resource")

    def search(self, everybody, text):
        group = re.fullmatch(r'groups\.value eq "(.*)"', text)
        if group:
            members = [member for line in lines("groups") if line[0] == group.group(1) for member in line[2:]]
            return [resource for resource in everybody if resource["id"] in members]
        since = re.fullmatch(r'meta\.lastModified ge "(.*)"', text).group(1)
        return [resource for resource in everybody if resource["meta"]["lastModified"] >= since]

    def listing(self, everybody, query):
        if "refuse" in self.how and "filter" in query:
            return self.problem(400, "not that")
        if "filter" in query:
            everybody = self.search(everybody, query["filter"])
        everybody = [resource for resource in everybody if resource["id"] != self.how.get("skip")]
        by_cursor = "cursor" in self.how and "cursor" in query
        if by_cursor and query["cursor"] and self.is_forgotten():
            return self.reply(400, json.dumps({"scimType": "expiredCursor", "status": "400", "detail": "too late"}))
        start = int(query["cursor"] or 0) if by_cursor else int(query.get("startIndex", 1)) - 1
        count = min(int(query.get("count", 100)), int(self.how.get("most", 1000)))
        if "wobble" in self.how:
            counts["pages"] += 1
            count = max(1, count - counts["pages"] % 3)
        shown = everybody[max(start - 1, 0) if "twice" in self.how else start:][:count]
        if "bare" in self.how or query.get("excludedAttributes") == "members":
            for resource in shown:
                resource.pop("members", None)
        page = {"totalResults": len(everybody) + ("miscount" in self.how), "Resources": shown}
        if by_cursor:
            if start + len(shown) < len(everybody):
                page["nextCursor"] = str(start + len(shown))
        else:
            page["startIndex"] = start + 1
        if "shift" in self.how and start == 0 and count > 1:
            with open(path("people"), encoding="utf-8") as file:
                rest = file.readlines()[1:]
            with open(path("people"), "w", encoding="utf-8") as file:
                file.writelines(rest)
        return self.page(page)

    def is_forgotten(self):
        if os.path.exists(path("forget")):
            os.unlink(path("forget"))
            return True
        return "forgets" in self.how

    def page(self, page):
        text = json.dumps(page)
        if "etag" not in self.how:
            return self.reply(200, text)
        etag = 'W/"%x"' % (hash(text) & 0xFFFFFFFF)
        if self.headers["If-None-Match"] == etag:
            self.note("304")
            return self.reply(304, "", [("ETag", etag)])
        return self.reply(200, text, [("ETag", etag)])


def listen(port):
    """Somebody may have the port for a moment."""
    for _ in range(600):
        try:
            return http.server.ThreadingHTTPServer(("127.0.0.1", port), Service)
        except OSError:
            time.sleep(0.1)
    return sys.exit("port %d is taken" % port)


server = listen(int(lines("port_again")[0][0]) if os.path.exists(path("port_again")) else 0)
if os.path.exists(path("tls.pem")):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("tls.pem"))
    if os.path.exists(path("ca.pem")):
        context.load_verify_locations(path("ca.pem"))
        context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(path("port.new"), "w", encoding="utf-8") as file:
    file.write("%d\n" % server.server_port)
os.rename(path("port.new"), path("port"))
server.serve_forever()
