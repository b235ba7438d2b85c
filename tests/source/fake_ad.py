#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""An Active Directory with what Samba lacks or does otherwise, in memory.

    fake_ad.py DIR

    DIR/port      where it listens on 127.0.0.1, written by us
    DIR/requests  what was asked, written by us: "search BASE FILTER-TAG ATTRIBUTES CONTROLS CODE ENTRIES"

It begins with the root of a domain.  Tests change it by ordinary modifications, and its manners by those of CN=manners:

    page=N        entries of one answer, paged or not; without paging the answer then ends with code 4 (1000)
    range=N       values of an attribute in one entry (1500)
    answer=N      changes in one answer to DirSync, which has more when there are more (1000)
    right=yes     the account may replicate; otherwise DirSync needs its flag of object security
    deleted=yes   the account sees what is deleted
    dirsync=N     DirSync ends with this code; 0: it works (0)
    cookie=N      DirSync with a cookie ends with this code; 0: it works (0)
    notify=N      so does a search for notifications; 0: it works, -1: it works and tells nothing (0)
    scope=no      references are sent although they were declined
    save=1        remember everything as it is now
    restore=same  be as it was then; with "new" under a new invocationId, as controllers do that notice
    hang_up=1     end all searches for notifications

Whoever logs in as "admin" has no limits.
"""
import functools
import os
import pickle
import socketserver
import struct
import sys
import threading
import uuid

import fake_ber as ber

SUFFIX = "DC=ad,DC=example,DC=com"
SERVICE = "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Sites,CN=Configuration," + SUFFIX
PAGED, DIRSYNC, SHOW_DELETED = "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.841", "1.2.840.113556.1.4.417"
NOTIFY, DOMAIN_SCOPE, CAPABLE = "1.2.840.113556.1.4.528", "1.2.840.113556.1.4.1339", "1.2.840.113556.1.4.800"
NOT_ALLOWED, UNWILLING, NOT_FOUND, EXISTS, SIZE = 50, 53, 32, 68, 4
ATTRIBUTE_IDS = {"name": 0x90001, "cn": 3, "objectclass": 0, "member": 31}

lock = threading.RLock()
manners = {"page": "1000", "range": "1500", "answer": "1000", "right": "no", "deleted": "no", "dirsync": "0"}
manners.update({"cookie": "0", "notify": "0", "scope": "yes"})
watchers = []  # connections that wait for notifications, with the numbers of their searches
work = sys.argv[1] if len(sys.argv) > 1 else "."


def manner(name):
    return int(manners[name])


@functools.lru_cache(maxsize=100000)
def folded(dn):
    return ",".join(part.strip() for part in dn.lower().split(","))


def is_below(dn, base):
    return folded(dn) == folded(base) or folded(dn).endswith("," + folded(base))


class Entry:
    def __init__(self, dn, attributes, usn):
        self.guid = uuid.uuid4().bytes
        self.dn = dn
        self.created = self.changed = usn
        self.names = {name.lower(): name for name in attributes}
        self.values = {name.lower(): list(values) for name, values in attributes.items()}
        self.values["name"] = [dn.split(",")[0].split("=", 1)[1].encode()]
        self.usns = {name: usn for name in self.values}
        self.links = {}  # by the guid of the member: the number of its last change, and whether it is one
        self.is_deleted = False

    def touch(self, name, usn):
        self.usns[name.lower()] = self.changed = usn


class Directory:
    def __init__(self):
        self.usn = 1000
        self.invocation = uuid.uuid4().bytes
        self.entries = {}
        self.by_dn = {}
        self.linked = {}  # entries that have, or had, members, by guid
        for dn, kind in ((SUFFIX, "domainDNS"), ("CN=Deleted Objects," + SUFFIX, "container")):
            self.add(dn, {"objectClass": [b"top", kind.encode()]})

    def next(self):
        self.usn += 1
        return self.usn

    def find(self, dn):
        if dn.upper().startswith("<GUID="):
            return self.entries.get(uuid.UUID(dn[6:-1]).bytes_le)
        if not self.by_dn:
            self.by_dn = {folded(e.dn): e.guid for e in self.entries.values()}
        return self.entries.get(self.by_dn.get(folded(dn)))

    def add(self, dn, attributes):
        if self.find(dn):
            return EXISTS
        members = attributes.pop("member", [])
        new = Entry(dn, attributes, self.next())
        self.entries[new.guid] = new
        self.by_dn[folded(dn)] = new.guid
        return self.link(new, members, True)

    def link(self, group, members, is_one):
        for dn in members:
            target = self.find(dn.decode())
            if target is None:
                return NOT_FOUND
            group.links[target.guid] = (self.next(), is_one)
            group.changed = self.usn
            self.linked[group.guid] = group
        return 0

    def members(self, group):
        kept = (self.entries.get(guid) for guid, (_, is_one) in group.links.items() if is_one)
        return [e.dn.encode() for e in kept if e is not None and not e.is_deleted]

    def groups(self, member):
        return [e.dn.encode() for e in self.linked.values() if e.links.get(member.guid, (0, False))[1]]

    def delete(self, dn):
        gone = self.find(dn)
        if gone is None:
            return NOT_FOUND
        name = gone.dn.split(",")[0] + "\\0ADEL:" + str(uuid.UUID(bytes_le=gone.guid))
        gone.dn = name + ",CN=Deleted Objects," + SUFFIX
        gone.is_deleted = True
        self.by_dn = {}
        gone.links = {}
        gone.values = {k: v for k, v in gone.values.items() if k in ("objectclass", "samaccountname")}
        gone.values.update({"isdeleted": [b"TRUE"], "name": [name.split("=", 1)[1].encode()]})
        for attribute in ("isDeleted", "name"):
            gone.touch(attribute, self.next())
        return 0

    def modify(self, dn, changes):
        found = self.find(dn)
        if found is None:
            return NOT_FOUND
        for how, name, values in changes:
            if name.lower() == "member":
                old = self.members(found) if how == 2 or (how == 1 and not values) else values if how == 1 else []
                code = self.link(found, old, False) or self.link(found, values if how != 1 else [], True)
                if code:
                    return code
                continue
            kept = found.values.get(name.lower(), [])
            if how == 1:
                kept = [v for v in kept if values and v not in values]
            else:
                kept = (kept if how == 0 else []) + values
            found.names[name.lower()] = name
            found.values[name.lower()] = kept
            found.touch(name, self.next())
        return 0

    def rename(self, dn, rdn, parent):
        moved = self.find(dn)
        if moved is None:
            return NOT_FOUND
        old = folded(moved.dn)
        new = rdn + "," + (parent or moved.dn.split(",", 1)[1])
        for other in self.entries.values():
            if is_below(other.dn, old):
                other.dn = other.dn[: len(other.dn) - len(old)] + new
        self.by_dn = {}
        moved.values["name"] = moved.values["cn"] = [rdn.split("=", 1)[1].encode()]
        moved.touch("name", self.next())
        return 0

    def values_of(self, found, name):
        name = name.lower()
        computed = COMPUTED.get(name)
        return computed(self, found) if computed else found.values.get(name, [])

    def metadata(self, found):
        known = [(ATTRIBUTE_IDS[name], usn) for name, usn in found.usns.items() if name in ATTRIBUTE_IDS]
        head = struct.pack("<IIII", 1, 0, len(known), 0)
        return head + b"".join(
            struct.pack("<IIQ16sQQ", number, 1, 0, self.invocation, usn, usn) for number, usn in known)


COMPUTED = {
    "objectguid": lambda _, found: [found.guid],
    "entryuuid": lambda _, found: [str(uuid.UUID(bytes_le=found.guid)).encode()],
    "distinguishedname": lambda _, found: [found.dn.encode()],
    "usnchanged": lambda _, found: [str(found.changed).encode()],
    "usncreated": lambda _, found: [str(found.created).encode()],
    "member": Directory.members,
    "memberof": Directory.groups,
    "replpropertymetadata": lambda of, found: [of.metadata(found)],
}
directory = Directory()
saved = None


def be_told(name, value):
    """A change of our manners."""
    global directory, saved
    if name == "save":
        saved = pickle.dumps(directory)
    elif name == "restore":
        directory = pickle.loads(saved)
        if value == "new":
            directory.invocation = uuid.uuid4().bytes
    elif name == "hang_up":
        for client, number, _ in watchers:
            client.send(number, ber.result(0x65, 0))
            client.flush()
        watchers.clear()
    else:
        manners[name] = value
    return 0


def ring(dn):
    if manners["notify"] == "-1":
        return
    for client, number, base in list(watchers):
        if is_below(dn, base):
            client.send(number, ber.entry(dn, [("objectGUID", [b"0" * 16])]))
            client.flush()


class Client(socketserver.StreamRequestHandler):
    wbufsize = -1

    def setup(self):
        super().setup()
        self.is_admin = False
        self.pages = {}  # rests of answers, by cookie

    def send(self, number, operation, controls=()):
        try:
            self.wfile.write(ber.message(number, operation, controls))
        except OSError:
            pass

    def flush(self):
        try:
            self.wfile.flush()
        except OSError:
            pass

    def next_message(self):
        try:
            return ber.read_message(self.rfile)
        except ConnectionError:
            return None

    def handle(self):
        while (body := self.next_message()) is not None:
            parts = ber.split(body)
            number, (tag, content) = ber.number(parts[0][1]), parts[1]
            with lock:
                if tag == 0x60:
                    self.is_admin = ber.split(content)[1][1].startswith(b"admin")
                    self.send(number, ber.result(0x61, 0))
                elif tag == 0x63:
                    self.search(number, ber.split(content), ber.controls_of(parts[2:]))
                elif tag == 0x50:
                    watchers[:] = [w for w in watchers if w[0] is not self or w[1] != ber.number(content)]
                elif tag in (0x66, 0x68, 0x4A, 0x6C):
                    self.change(number, tag, content)
                else:
                    return
                self.flush()

    def finish(self):
        with lock:
            watchers[:] = [w for w in watchers if w[0] is not self]
        try:
            super().finish()
        except OSError:
            pass

    # ---- changes ----

    def change(self, number, tag, content):
        fields = ber.split(content)
        dn = content.decode() if tag == 0x4A else fields[0][1].decode()
        if tag == 0x4A:
            code = directory.delete(dn)
        elif tag == 0x6C:
            code = directory.rename(dn, fields[1][1].decode(), fields[3][1].decode() if len(fields) > 3 else None)
        elif tag == 0x68:
            code = directory.add(dn, {n.decode(): v for n, v in map(self.attribute, ber.split(fields[1][1]))})
        else:
            changes = []
            for _, change in ber.split(fields[1][1]):
                (_, how), (kind, attribute) = ber.split(change)
                name, values = self.attribute((kind, attribute))
                changes.append((ber.number(how), name.decode(), values))
            if folded(dn) == "cn=manners":
                code = be_told(changes[0][1], changes[0][2][0].decode())
            else:
                code = directory.modify(dn, changes)
        self.send(number, ber.result(tag + 1 if tag != 0x4A else 0x6B, code))
        if code == 0 and folded(dn) != "cn=manners":
            ring(dn if is_below(dn, SUFFIX) else SUFFIX)

    @staticmethod
    def attribute(part):
        name, values = ber.split(part[1])
        return name[1], [value for _, value in ber.split(values[1])]

    # ---- searches ----

    def search(self, number, fields, controls):
        base, scope = fields[0][1].decode(), ber.number(fields[1][1])
        matcher, wanted = fields[6], [name.decode() for _, name in ber.split(fields[7][1])]
        entries, code, replies = [], 0, []
        if base == "":
            entries = [ber.entry("", self.root())]
        elif folded(base) == folded(SERVICE):
            entries = [ber.entry(base, [("invocationId", [directory.invocation])])]
        elif NOTIFY in controls:
            code = self.watch(number, base, matcher)
            if code == 0:
                return
        elif DIRSYNC in controls:
            code, entries, replies = self.dirsync(base, matcher, wanted, controls[DIRSYNC])
        else:
            code, entries, replies = self.plain(base, scope, matcher, wanted, controls)
        with open(os.path.join(work, "requests"), "a", encoding="utf-8") as log:
            names = "+".join(sorted(controls)) or "-"
            print("search", base, hex(matcher[0]), "+".join(wanted), names, code, len(entries), file=log)
        for found in entries:
            self.send(number, found)
        if folded(base) == folded(SUFFIX) and scope == 2 and NOTIFY not in controls:
            if DOMAIN_SCOPE not in controls or manners["scope"] == "no":
                zone = "DC=DomainDnsZones," + SUFFIX
                self.send(number, ber.sequence(ber.octets("ldap://ad.example.com/" + zone), tag=0x73))
        self.send(number, ber.result(0x65, code), replies)

    @staticmethod
    def root():
        many = {
            "namingContexts": [SUFFIX, "CN=Configuration," + SUFFIX, "DC=DomainDnsZones," + SUFFIX],
            "supportedControl": [PAGED, DIRSYNC, SHOW_DELETED, NOTIFY, DOMAIN_SCOPE],
        }
        one = {"supportedCapabilities": CAPABLE, "defaultNamingContext": SUFFIX, "dsServiceName": SERVICE}
        one.update({"dnsHostName": "dc1.ad.example.com", "highestCommittedUSN": str(directory.usn)})
        return list(many.items()) + [(name, [value]) for name, value in one.items()]

    def watch(self, number, base, matcher):
        if matcher[0] != 0x87 or matcher[1].lower() != b"objectclass":
            return UNWILLING
        if manner("notify") > 0:
            return manner("notify")
        if sum(1 for watcher in watchers if watcher[0] is self) >= 5:
            return 11
        watchers.append((self, number, base))
        return 0

    def sees(self, found):
        return not found.is_deleted or self.is_admin or manners["deleted"] == "yes"

    def plain(self, base, scope, matcher, wanted, controls):
        at = directory.find(base)
        if at is None or (at.is_deleted and SHOW_DELETED not in controls):
            return NOT_FOUND, [], []
        token, size = b"", 10**9
        if controls.get(PAGED):
            size, token = (value for _, value in ber.split(ber.split(controls[PAGED])[0][1]))
            size = ber.number(size)
        if token:
            rest = self.pages.pop(token)
        else:
            rest = [e.guid for e in directory.entries.values() if self.fits(e, at, scope, matcher, controls)]
        size = size if self.is_admin else min(size, manner("page"))
        page, rest = rest[:size], rest[size:]
        entries = [self.show(directory.entries[guid], wanted) for guid in page]
        if not controls.get(PAGED):
            return SIZE if rest else 0, entries, []
        token = uuid.uuid4().bytes if rest else b""
        self.pages[token] = rest
        return 0, entries, [(PAGED, ber.sequence(ber.integer(0), ber.octets(token)))]

    def fits(self, found, at, scope, matcher, controls):
        if found.is_deleted and (SHOW_DELETED not in controls or not self.sees(found)):
            return False
        if scope == 0 and found is not at or not is_below(found.dn, at.dn):
            return False
        return ber.matches(*matcher, lambda name: directory.values_of(found, name))

    def show(self, found, wanted):
        shown = []
        for name in wanted or [found.names[n] for n in found.values if n in found.names]:
            bare, _, option = name.partition(";")
            values = directory.values_of(found, bare)
            first, last = 0, len(values)
            if option.startswith("range="):
                first, _, end = option[6:].partition("-")
                first = int(first)
                last = last if end == "*" else min(last, int(end) + 1)
            if not self.is_admin:
                last = min(last, first + manner("range"))
            if option or last < len(values):
                if not option:
                    shown.append((bare, []))
                end = "*" if last == len(values) else str(last - 1)
                shown.append((f"{bare};range={first}-{end}", values[first:last]))
            elif values:
                shown.append((bare, values))
        return ber.entry(found.dn, shown)

    # ---- DirSync ----

    def dirsync(self, base, matcher, wanted, value):
        flags, _, cookie = (content for _, content in ber.split(ber.split(value)[0][1]))
        flags = ber.number(flags) & 0xFFFFFFFF
        if manner("dirsync"):
            return manner("dirsync"), [], []
        if folded(base) != folded(SUFFIX):
            return UNWILLING, [], []
        if not flags & 1 and manners["right"] != "yes":
            return NOT_ALLOWED, [], []
        if cookie and manner("cookie"):
            return manner("cookie"), [], []
        since = struct.unpack("<Q", cookie[4:12])[0] if cookie else 0
        changes = sorted((usn, e.guid) for e in directory.entries.values() for usn in self.marks(e) if usn > since)
        until = directory.usn if len(changes) <= manner("answer") else changes[manner("answer") - 1][0]
        entries = []
        for guid in dict.fromkeys(guid for usn, guid in changes if usn <= until):
            found = directory.entries[guid]
            if ber.matches(*matcher, lambda name, e=found: directory.values_of(e, name)):
                entries += self.tell(found, wanted, since, until, flags)
        more = int(until < directory.usn)
        reply = ber.sequence(ber.integer(more), ber.integer(0), ber.octets(b"FAKE" + struct.pack("<Q", until)))
        return 0, entries, [(DIRSYNC, reply)]

    @staticmethod
    def marks(found):
        return set(found.usns.values()) | {usn for usn, _ in found.links.values()}

    def tell(self, found, wanted, since, until, flags):
        if found.is_deleted and flags & 1 and not self.sees(found):
            return []
        lowered = [name.lower() for name in wanted]
        told = []
        for name, usn in found.usns.items():
            if since < usn <= until and (name in lowered or not wanted):
                told.append((found.names.get(name, name), found.values.get(name, [])))
        links = {guid: one for guid, (usn, one) in found.links.items() if since < usn <= until}
        if links and "member" in lowered:
            told += self.tell_links(found, links, flags)
        always = [("objectGUID", [found.guid]), ("instanceType", [b"4"])]
        return [ber.entry(found.dn, always + told)] if told else []

    @staticmethod
    def tell_links(found, links, flags):
        if not flags & 0x80000000:
            values = directory.members(found)
            if len(values) <= manner("range"):
                return [("member", values)]
            return [(f"member;range=0-{manner('range') - 1}", values[: manner("range")])]
        told = []
        for name, is_one in (("member;range=1-1", True), ("member;range=0-0", False)):
            targets = (directory.entries.get(guid) for guid, one in links.items() if one == is_one)
            values = [target.dn.encode() for target in targets if target is not None]
            if values:
                told.append((name, values))
        return told


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    with Server(("127.0.0.1", 0), Client) as server:
        with open(os.path.join(work, "port.new"), "w", encoding="utf-8") as file:
            print(server.server_address[1], file=file)
        os.rename(os.path.join(work, "port.new"), os.path.join(work, "port"))
        server.serve_forever()


main()
