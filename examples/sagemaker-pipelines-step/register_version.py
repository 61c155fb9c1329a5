"""Registers a version of a model in Signet, from a step of a SageMaker pipeline.

It needs the standard library and botocore, which the Python runtimes of Lambda and the images of SageMaker have. It runs

- behind a Lambda step (``lambda_handler``),
- in a processing or training container: ``python register_version.py --model churn --execution "$ARN" ...``, or
- from code of yours: ``Registry(url).register(...)``.

One execution registers one version for each model and step, however often the step runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import quote, urlencode, urlsplit

import botocore.auth
import botocore.awsrequest
import botocore.session

ATTEMPTS = 5
TIMEOUT = 30
STEP_TAG = "sagemaker.step"
GATEWAY_HOST = re.compile(r"[^.]+\.execute-api\.([a-z0-9-]+)\.")


class RegistryError(Exception):
    """The registry refused, or could not be reached."""

    def __init__(self, status, code, detail):
        super().__init__(f"{code} ({status}): {detail}")
        self.status, self.code = status, code


class Registry:
    """The registry's API for machines. Requests are signed with the credentials of the environment (SigV4)."""

    def __init__(self, url, workspace="default", region=None):
        self.base = url.rstrip("/") + ("" if workspace == "default" else f"/w/{quote(workspace, safe='')}")
        found = GATEWAY_HOST.match(urlsplit(url).hostname or "")
        self.region = region or (found and found.group(1)) or os.environ.get("AWS_REGION")
        if not self.region:
            raise ValueError("the region is not known: set AWS_REGION")
        self.session = botocore.session.get_session()

    def register(self, model, execution, step, **said):
        """Registers a version, or finds the one that this step of this execution registered before.

        ``files`` maps paths in the version to URIs; the files stay where they are. ``metrics``, ``params`` and ``tags``
        are maps; ``image`` serves the version, with the file that ``model_data`` names.
        """
        # The registry remembers idempotency keys for 48 hours; an execution may be retried after that.
        return self.find(model, execution, step) or self._create(model, execution, step, said)

    def find(self, model, execution, step):
        query = urlencode(
            {
                "filter": f"run_id = '{plain(execution)}' AND tags.{STEP_TAG} = '{plain(step)}'",
                "consistency": "strong",
            },
            quote_via=quote,
        )
        cursor = ""
        while True:
            page = self._call("GET", f"/v1/search?{query}{cursor}")
            for found in page["items"]:
                if found["model"] == model:
                    return self._call("GET", f"{versions_of(model)}/{found['version']}")
            if "cursor" not in page:
                return None
            cursor = f"&cursor={quote(page['cursor'], safe='')}"

    def _create(self, model, execution, step, said):
        body = {
            "run": run_of(execution),
            "tags": {**said.get("tags", {}), STEP_TAG: step},
            "metrics": {name: float(value) for name, value in said.get("metrics", {}).items()},
            "hyperParameters": said.get("params", {}),
            "references": [{"path": path, "uri": uri} for path, uri in sorted(said.get("files", {}).items())],
            "final": True,
        }
        if said.get("description"):
            body["description"] = said["description"]
        if said.get("image"):
            data = {"modelData": said["model_data"]} if said.get("model_data") else {}
            body["containers"] = [{"image": said["image"], **data}]
        key = hashlib.sha256("\n".join([execution, step, model]).encode()).hexdigest()
        return self._call("POST", versions_of(model), body, {"Idempotency-Key": f"sagemaker-{key}"})

    def _call(self, method, path, body=None, headers=None):
        data = b"" if body is None else json.dumps(body).encode()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                request = self._signed(method, self.base + path, data, headers or {})
                with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                failure = refusal_of(error)
                if error.code != 429 and error.code < 500:
                    raise failure from None
            except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
                failure = RegistryError(0, "unreachable", error)
            if attempt < ATTEMPTS:
                time.sleep(random.uniform(0, min(8, 0.2 * 2**attempt)))
        # Every call may be repeated: reads change nothing, and what is made carries its key.
        raise failure

    def _signed(self, method, url, data, headers):
        # Asked for anew each time: the credentials of a role do not last.
        credentials = self.session.get_credentials()
        if credentials is None:
            raise RegistryError(0, "no_credentials", "there are no AWS credentials in this environment")
        request = botocore.awsrequest.AWSRequest(method=method, url=url, data=data, headers=dict(headers))
        if data:
            request.headers["Content-Type"] = "application/json"
        request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(data).hexdigest()
        botocore.auth.SigV4Auth(credentials.get_frozen_credentials(), "execute-api", self.region).add_auth(request)
        return urllib.request.Request(url, data=data or None, method=method, headers=dict(request.headers.items()))


def refusal_of(error):
    try:
        problem = json.load(error)
        return RegistryError(error.code, problem.get("code", "http_error"), problem.get("detail") or problem)
    except ValueError:
        return RegistryError(error.code, "http_error", error.reason)


def versions_of(model):
    return f"/v1/models/{quote(model, safe='')}/versions"


def plain(text):
    if not text or re.search(r"['\"`\\]", text):
        raise ValueError(f"neither empty nor with quotes: {text!r}")
    return text


def run_of(execution):
    pipeline = re.search(r":pipeline/([^/]+)/execution/", execution)
    return {"id": execution, "system": "sagemaker", **({"experiment": pipeline.group(1)} if pipeline else {})}


def named(event, prefix):
    """The inputs of a step are flat: ``metric.auc`` is the metric ``auc``."""
    return {name[len(prefix) :]: value for name, value in event.items() if name.startswith(prefix)}


def lambda_handler(event, _context):
    """The function of a Lambda step. What it returns are the outputs of the step."""
    registry = Registry(os.environ["SIGNET_URL"], os.environ.get("SIGNET_WORKSPACE", "default"))
    version = registry.register(
        event["model"],
        event["execution"],
        event["step"],
        files=named(event, "file."),
        metrics=named(event, "metric."),
        params=named(event, "param."),
        tags=named(event, "tag."),
        description=event.get("description"),
        image=event.get("image"),
        model_data=event.get("model_data"),
    )
    return {
        "model": version["model"],
        "version": version["version"],
        "status": version["status"],
        "digest": version["artifacts"]["digest"],
    }


def pair(text):
    name, found, value = text.partition("=")
    if not (name and found):
        raise argparse.ArgumentTypeError("a name and a value: name=value")
    return name, value


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Registers a version of a model in Signet.")
    parser.add_argument("--url", default=os.environ.get("SIGNET_URL"), help="of the API for machines; or SIGNET_URL")
    parser.add_argument("--workspace", default=os.environ.get("SIGNET_WORKSPACE", "default"))
    parser.add_argument("--model", required=True)
    parser.add_argument("--execution", required=True, help="ARN of the pipeline's execution, or of the training job")
    parser.add_argument("--step", default="register", help="which of the steps of the execution this is")
    parser.add_argument("--description")
    parser.add_argument("--image", help="container image that serves the version")
    parser.add_argument("--model-data", help="path of the file that the container loads")
    for name, what in [("file", "path=uri"), ("metric", "name=value"), ("param", "name=value"), ("tag", "key=value")]:
        parser.add_argument(f"--{name}", type=pair, action="append", default=[], metavar=what)
    options = parser.parse_args(arguments)
    if not options.url:
        parser.error("--url or SIGNET_URL is needed")
    try:
        version = Registry(options.url, options.workspace).register(
            options.model,
            options.execution,
            options.step,
            files=dict(options.file),
            metrics=dict(options.metric),
            params=dict(options.param),
            tags=dict(options.tag),
            description=options.description,
            image=options.image,
            model_data=options.model_data,
        )
    except (RegistryError, ValueError) as error:
        sys.exit(str(error))
    json.dump(version, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
