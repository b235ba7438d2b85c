# SPDX-License-Identifier: ISC
"""Run scim2-tester, which has no command of its own.  Arguments: base URL, file with the token, CA file.

Standard output: one line a check, separated by tabs: pass, fail or skip; its name; what it says.
"""
import ssl
import sys
from datetime import datetime, timezone

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import ScimPolicy, ScimProvider, ServiceProviderConfig
from scim2_tester import Status, check_server, filling
from scim2_tester.checkers import patch_add, patch_replace

# What the suite calls a deviation goes against a SHOULD: a failure to us.
OUTCOME = {
    Status.SUCCESS: "pass",
    Status.COMPLIANT: "pass",
    Status.ACCEPTABLE: "pass",
    Status.DEVIATION: "fail",
    Status.ERROR: "fail",
    Status.CRITICAL: "fail",
    Status.SKIPPED: "skip",
}


def describe(client):
    """What the provider offers, without members that the suite's models do not know: it would end at the first."""
    tolerant = ScimPolicy(unknown=ScimPolicy.Unknown.ignore)
    answer = client.get("/ServiceProviderConfig").json()
    return ScimProvider(config=ServiceProviderConfig.model_validate(answer, scim_policy=tolerant))


def teach_dates():
    """The suite makes up no values of the type dateTime: it would take a text that its own models refuse."""
    make_up = filling.generate_random_value

    def make_up_dates_too(context, path, *args, **kwargs):
        value = make_up(context, path, *args, **kwargs)
        binding = path.resolve()
        if value is None or binding is None or binding.target_type is not datetime:
            return value
        date = datetime(2100, 1, 31, 12, 30, tzinfo=timezone.utc)
        return [date] if isinstance(value, list) else date

    for module in (filling, patch_add, patch_replace):
        module.generate_random_value = make_up_dates_too


def main(url, token_file, ca_file):
    with open(token_file, encoding="ascii") as file:
        headers = {"Authorization": "Bearer " + file.read().strip()}
    trust = ssl.create_default_context(cafile=ca_file)
    with Client(base_url=url, headers=headers, verify=trust, trust_env=False) as client:
        for result in check_server(SyncSCIMClient(client, provider=describe(client))):
            name = [result.resource_type or "service", result.title]
            if isinstance(result.data, dict) and "urn" in result.data:
                name.append(result.data["urn"])
            print(OUTCOME[result.status], " ".join(name), " ".join((result.reason or "").split()), sep="\t")


if __name__ == "__main__":
    teach_dates()
    main(*sys.argv[1:])
