# SPDX-License-Identifier: ISC
"""Run scim2-tester, which has no command of its own.  Arguments: base URL, file with the token, CA file.

Standard output: one line a check, separated by tabs: pass, fail or skip; its name; what it says.
"""
import ssl
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import ScimPolicy, ScimProvider, ServiceProviderConfig
from scim2_tester import Status, check_server

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
    main(*sys.argv[1:])
