"""Calls the registry's API for machines with the rights of the automation's role. boto3 is part of the runtime."""

import json
import urllib.error
import urllib.parse
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.session


def call(events, _context):
    workspace = urllib.parse.quote(events["workspace"], safe="")
    path = "/".join(urllib.parse.quote(part, safe="") for part in events["path"])
    url = f"{events['api']}w/{workspace}/v1/{path}"
    said = {name: value for name, value in events["body"].items() if value != ""}
    if "version" in said:
        said["version"] = int(said["version"])
    if "reason" in said:
        said["reason"] += f" (automation {events['execution']})"
    headers = {"content-type": "application/json", "idempotency-key": events["execution"]}
    request = botocore.awsrequest.AWSRequest("POST", url, headers, json.dumps(said))
    credentials = botocore.session.get_session().get_credentials()
    botocore.auth.SigV4Auth(credentials, "execute-api", events["region"]).add_auth(request)
    sent = urllib.request.Request(url, request.data.encode(), dict(request.headers), method="POST")
    try:
        with urllib.request.urlopen(sent, timeout=60) as answer:
            return {"answer": answer.read().decode()}
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"The registry refused with {error.code}: {told(error.read())}") from None


def told(body):
    """What a problem of the registry says, or else the body as it is."""
    try:
        problem = json.loads(body)
        wrong = [f"{each['field']}: {each['rule']}" for each in problem.get("errors", [])]
        return "; ".join([f"{problem['code']}: {problem['detail']}", *wrong])
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace")[:1000]
