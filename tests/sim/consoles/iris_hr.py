# SPDX-License-Identifier: ISC
"""The screens of IRIS HR Professional about API users, and a data API behind them (invented: none is documented)."""
import base64

from console import Console, Refused, Screen

LEVELS = ("none", "read-only", "full")
TABS = ("Personal", "Contract", "Absence", "Salary", "Documents", "Starters & Leavers")
AREAS = ("Self", "Team", "Secondary")
SCREEN = "System Tools > Utilities > Company > API Users"
MODULES = "System Tools > Utilities > Tools > System Configuration"


class Iris(Console):
    name = "iris-hr"
    switches = {
        "confirm_button": ("Create", "I", "what the button is called that confirms a new user"),
        "active_ticked": (True, "I", "Active is ticked on a fresh form"),
        "confirm_delete": (False, "I", "deleting asks for a confirmation"),
        "refuse_eleventh": (True, "I", "the eleventh active user is refused, not warned of"),
        "legacy_until": (None, "D", "date from which users from before October 2024 are refused; null for never"),
    }

    def fresh(self):
        return {"module": True, "users": [], "next": 1}

    def seed(self, body):
        """Users that are there already: {"name", "active", "legacy", "username", "password"}; {"age": NAME} ages one."""
        if "age" in body:
            for user in self.data["users"]:
                user["legacy"] = user.get("legacy", False) or user["name"] == body["age"]
            return
        user = self.add(body["name"], body.get("active", True))
        user["legacy"] = body.get("legacy", False)
        user.update({name: body[name] for name in ("username", "password") if name in body})

    def state(self):
        return {"users": [{k: v for k, v in user.items() if k != "password"} for user in self.data["users"]]}

    def sign_in(self, desk):
        if "set-rights" not in desk.rights:
            raise Refused("IR-R10", "API users are shown to people with Set Rights only", 403)

    def places(self, desk):
        places = {MODULES: lambda: self.modules(desk)}
        if self.data["module"]:  # IR-R01
            places[SCREEN] = lambda: self.listing(desk)
        return places

    # ---- screens -----------------------------------------------------------------

    def modules(self, desk):
        screen = Screen("System Configuration", {"API": "ticked" if self.data["module"] else "not ticked"})

        def save():
            self.data["module"] = screen.fields["API"] == "ticked"

        screen.buttons = {"Save": save}
        return screen

    def listing(self, desk):
        rows = [{"shown": {"Status": "Active" if user["active"] else "Inactive", "Name": user["name"],
                           "Username": user["username"]}, "user": user}
                for user in self.data["users"] if not user.get("legacy")]  # IR-R11, IR-R12
        return Screen("API Users", rows=rows, buttons={"Create User": lambda: self.form(desk)}, menu={  # IR-R08
            "Edit Set Rights": lambda row: self.set_rights(desk, row["user"]),
            "Change Status": lambda row: self.change_status(desk, row["user"]),
            "Delete": lambda row: self.delete(desk, row["user"]),
            "Reset Password": lambda row: self.reset(desk, row["user"]),
        })

    def form(self, desk):
        screen = Screen("New API User", {"Name": "", "Active": "ticked" if self.switch["active_ticked"] else "not ticked"})

        def confirm():
            if not screen.fields["Name"]:
                raise Refused("IR-R03", "a name is required")
            user = self.add(screen.fields["Name"], screen.fields["Active"] == "ticked")
            self.show_password(desk, user)

        screen.buttons = {self.switch["confirm_button"]: confirm, "Cancel": lambda: self.back(desk)}
        desk.screen = screen

    def add(self, name, active):
        if active:
            self.check_slots()
        number = self.data["next"]
        self.data["next"] += 1
        user = {"name": name, "username": "api%05d" % (40000 + 7 * number), "password": self.make_password(),
                "active": active, "rights": {"%s > %s" % (a, t): "full" for a in AREAS for t in TABS}}  # IR-R04, IR-R07
        self.data["users"].append(user)
        return user

    def check_slots(self):
        if self.switch["refuse_eleventh"] and sum(user["active"] for user in self.data["users"]) >= 10:
            raise Refused("IR-R06", "there are 10 active API users already")

    def back(self, desk):
        desk.screen = self.listing(desk)

    def show_password(self, desk, user):
        """IR-R05, IR-R13: on the pop-up, this once."""

        def copy():
            desk.told = {"copied": user["password"]}

        desk.screen = self.listing(desk)
        desk.screen.popup = Screen("Password", buttons={"Copy Password": copy, "Close": lambda: self.back(desk)})

    def set_rights(self, desk, user):
        screen = Screen("Set Rights of " + user["name"])

        def advanced():
            own = Screen("Own rights of " + user["name"], dict(user["rights"]))

            def save():
                if any(level not in LEVELS for level in own.fields.values()):
                    raise Refused("IR-R09", "a tab has none, read-only or full")
                user["rights"] = dict(own.fields)
                self.back(desk)

            own.buttons = {"Save": save}
            desk.screen = own

        screen.buttons = {"Advanced": advanced}
        desk.screen = screen

    def change_status(self, desk, user):
        def deactivate():
            user["active"] = False
            self.back(desk)

        def activate():
            self.check_slots()
            user["active"] = True
            self.back(desk)

        desk.screen = self.listing(desk)
        desk.screen.popup = Screen("Change Status",
                                   buttons={"Deactivate": deactivate} if user["active"] else {"Activate": activate})

    def delete(self, desk, user):
        def gone():
            self.data["users"].remove(user)
            self.back(desk)

        if not self.switch["confirm_delete"]:
            return gone()
        desk.screen = self.listing(desk)
        desk.screen.popup = Screen("Delete", buttons={"Yes": gone, "No": lambda: self.back(desk)})
        return None

    def reset(self, desk, user):
        user["password"] = self.make_password()
        self.show_password(desk, user)

    def is_refused(self, user):
        """IR-R11: users whom the screen does not show may be refused some day."""
        until = self.switch["legacy_until"]
        return bool(user.get("legacy") and until and self.now().date().isoformat() >= until)

    # ---- the data API (invented) -------------------------------------------------

    def integration(self, call):
        """GET, POST, PUT, DELETE /data/AREA/TAB with HTTP Basic."""
        parts = call["path"].strip("/").split("/")
        if parts[0] != "data" or len(parts) != 3:
            return 404, {}
        if not self.data["module"]:
            return 403, {"error": "the API module is off", "rule": "IR-R01"}
        try:
            name, password = base64.urlsafe_b64decode(call["headers"].get("Authorization", "")[6:] + "==").decode().split(":", 1)
        except ValueError:
            return 401, {}
        user = next((u for u in self.data["users"] if u["username"] == name and u["password"] == password), None)
        if user is None or not user["active"] or self.is_refused(user):
            return 401, {}
        level = user["rights"].get("%s > %s" % (parts[1], parts[2].replace("+", " ")), "none")
        if level == "none" or (level == "read-only" and call["method"] != "GET"):
            return 403, {"rule": "IR-R09"}
        return 200, {}
