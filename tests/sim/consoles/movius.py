# SPDX-License-Identifier: ISC
"""The screens of a MultiLine Management Portal about API users, and the mailboxes that it writes to."""
from console import Console, Refused, Screen


class Movius(Console):
    name = "movius"
    switches = {
        "custom": (["Dialler"], "D", "applications that Movius made for the company"),
        "application_required": (True, "I", "a user needs an external application"),
    }

    def fresh(self):
        return {"organisations": ["Example", "Example > Sales", "Example > Service"], "users": [], "mail": [], "next": 1}

    def state(self):
        users = [{k: v for k, v in user.items() if k != "password"} for user in self.data["users"]]
        mail = [{k: v for k, v in letter.items() if k != "password"} for letter in self.data["mail"]]
        return {"users": users, "mail": mail}

    def mailbox(self):
        return self.data["mail"]

    def seed(self, body):
        self.add(body["organisation"], body["first"], body["last"], body["mail"], body["applications"])

    def sign_in(self, desk):
        if "API Users" not in desk.rights:
            raise Refused("MV-R01", "the role lacks the privilege API Users", 403)
        desk.organisation = self.data["organisations"][0]
        desk.screen = Screen("Home", {"Organisation": desk.organisation})

    def places(self, desk):
        chosen = desk.screen.fields.get("Organisation", desk.organisation)
        if chosen not in self.data["organisations"]:
            raise Refused("screen", "there is no organisation '%s'" % chosen)
        desk.organisation = chosen
        return {"Administrators": lambda: self.listing(desk)}

    # ---- screens -----------------------------------------------------------------

    def listing(self, desk):
        rows = [{"shown": {"First Name": user["first"], "Last Name": user["last"], "Email": user["mail"]}, "user": user}
                for user in self.data["users"] if user["organisation"] == desk.organisation]
        screen = Screen("Administrators", rows=rows, buttons={"Add API User": lambda: self.form(desk, None)})

        def tick(row):
            screen.buttons["Edit"] = lambda: self.form(desk, row["user"])

        screen.menu = {"(tick)": tick}
        return screen

    def known(self):
        return ["HttpApi", "Salesforce"] + list(self.switch["custom"])  # MV-R04

    def form(self, desk, user):
        was = user or {"first": "", "last": "", "mail": "", "applications": []}
        fields = {"First Name": was["first"], "Last Name": was["last"], "Email": was["mail"]}
        fields.update({name: "ticked" if name in was["applications"] else "not ticked" for name in self.known()})
        screen = Screen("API User", fields)

        def save():
            values = screen.fields
            applications = [name for name in self.known() if values[name] == "ticked"]
            self.check(values, applications)
            if user is None:
                self.add(desk.organisation, values["First Name"], values["Last Name"], values["Email"], applications)
            else:
                user.update(first=values["First Name"], last=values["Last Name"], mail=values["Email"],
                            applications=applications)
            desk.screen = self.listing(desk)

        screen.buttons = {"Save": save}
        if user is not None:
            screen.buttons["Delete"] = lambda: self.ask(desk, user)
        desk.screen = screen

    def check(self, values, applications):
        for label in ("First Name", "Last Name", "Email"):
            if not values[label].strip():
                raise Refused("MV-R03", "%s is required" % label)
        local, _, domain = values["Email"].rpartition("@")
        if not local or "." not in domain:
            raise Refused("MV-R03", "not an e-mail address")
        if self.switch["application_required"] and not applications:
            raise Refused("MV-R04", "an external application is required")

    def add(self, organisation, first, last, mail, applications):
        number = self.data["next"]
        self.data["next"] += 1
        user = {"organisation": organisation, "first": first, "last": last, "mail": mail,
                "applications": list(applications), "username": "mluser%d" % (500 + number),
                "password": self.make_password()}
        self.data["users"].append(user)
        self.data["mail"].append({"to": mail, "username": user["username"], "password": user["password"],
                                  "endpoint": "https://portal.example.com:8021"})  # MV-R06: and nowhere else

    def ask(self, desk, user):
        last = [name for name in user["applications"]
                if sum(name in u["applications"] for u in self.data["users"]
                       if u["organisation"] == user["organisation"]) == 1]

        def yes():
            self.data["users"].remove(user)
            desk.screen = self.listing(desk)

        warning = " (the only API user for %s)" % ", ".join(last) if last else ""  # MV-R09
        desk.screen.popup = Screen("Confirm" + warning,
                                   buttons={"Yes": yes, "No": lambda: setattr(desk.screen, "popup", None)})

    # ---- what applications get ---------------------------------------------------

    def integration(self, call):
        """POST /use/APPLICATION {"username", "password"}: whether it works for that application (invented)."""
        name = call["path"].rsplit("/", 1)[-1]
        body = call["body"]
        user = next((u for u in self.data["users"]
                     if u["username"] == body.get("username") and u["password"] == body.get("password")), None)
        if user is None:
            return 200, {"errcode": 1, "desc": "unknown user"}
        if name not in user["applications"]:
            return 200, {"errcode": 2, "desc": "not for this application"}  # MV-R05, MV-R07
        return 200, {"errcode": 0, "desc": "ok"}
