#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A program for the exec plugin, to copy from: its product is one JSON file.

It is told in `settings` where the file lies ("file=/var/lib/product.json").
Each call is a line on standard input, each answer some lines on standard output.
What goes to standard error is logged.
"""
import fcntl
import json
import os
import sys

KNOWN = {"reader", "writer"}


class Refused(Exception):
    """A code of the interface, and words for people."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Product:
    """Every change is one step: the file is replaced as a whole, under a lock."""

    def __init__(self, path):
        self.path = path
        self.lock = os.open(path + ".lock", os.O_CREAT | os.O_RDWR, 0o600)

    def __enter__(self):
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        try:
            with open(self.path, encoding="utf-8") as file:
                self.accounts = json.load(file)
        except FileNotFoundError:
            self.accounts = {}
        return self.accounts

    def __exit__(self, *_):
        fcntl.flock(self.lock, fcntl.LOCK_UN)

    def save(self):
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            json.dump(self.accounts, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(self.path + ".new", self.path)


def shown(account):
    return {name: value for name, value in account.items() if name != "secret"}


def resolve(rights):
    roles = sorted(set(rights.get("roles", [])))
    for role in roles:
        if role not in KNOWN:
            raise Refused("invalid", f"role '{role}' is unknown")
    return {"roles": roles}


def change(product, accounts, wish, names):
    account = accounts.get(wish["id"])
    if account is None:
        raise Refused("not-found", f"account '{wish['id']}': there is none")
    if wish.get("version", account["version"]) != account["version"]:
        raise Refused("temporary", f"account '{wish['id']}': is at version {account['version']} now")
    account.update({name: wish[name] for name in names if name in wish})
    account["version"] = str(int(account["version"]) + 1)
    product.save()
    return account


def create(product, accounts, wish):
    login = wish["login"]
    if login in accounts:
        raise Refused("exists", f"account '{login}': is there already")
    accounts[login] = {**wish, "id": login, "version": "1"}
    product.save()
    return accounts[login]


CHANGES = {
    "set-rights": ["rights"],
    "set-active": ["active"],
    "set-profile": ["label", "first_name", "last_name", "mail"],
    "reset-secret": ["secret"],
}


def answer(product, call, message):
    """The accounts of an answer."""
    wish = message.get("account", {})
    with product as accounts:
        if call == "list":
            return list(accounts.values())
        if call == "find":
            return [accounts[wish["login"]]] if wish["login"] in accounts else []
        if call == "get":
            if wish["id"] not in accounts:
                raise Refused("not-found", f"account '{wish['id']}': there is none")
            return [accounts[wish["id"]]]
        if call == "create":
            return [create(product, accounts, wish)]
        if call in CHANGES:
            return [change(product, accounts, wish, CHANGES[call])]
        if call == "remove":
            if accounts.pop(wish["id"], None) is None:
                raise Refused("not-found", f"account '{wish['id']}': there is none")
            product.save()
            return []
    raise Refused("unsupported", f"call '{call}': there is none")


def main():
    product = None
    for line in sys.stdin:
        message = json.loads(line)
        end = {"id": message["id"], "code": "ok"}
        try:
            call = message["call"]
            if call == "open":
                product = Product(message["settings"]["file"])
                print("sample: ready", file=sys.stderr)
            elif call == "resolve":
                end["rights"] = resolve(message["rights"])
            elif call != "probe":
                for account in answer(product, call, message):
                    print(json.dumps({"id": message["id"], "account": shown(account)}))
        except Refused as refused:
            end.update(code=refused.code, error=str(refused))
        except (KeyError, OSError) as trouble:
            end.update(code="temporary", error=f"{type(trouble).__name__}: {trouble}")
        print(json.dumps(end), flush=True)


if __name__ == "__main__":
    main()
