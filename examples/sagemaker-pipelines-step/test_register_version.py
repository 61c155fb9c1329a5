"""Runs the step against a registry on this machine, through a gateway that verifies every signature.

``npm run pipelines-step`` starts the registry and names it in SIGNET_LOCAL.
"""

import json
import os
import sys
import threading
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "client/python/tests"))

import register_version  # noqa: E402
import verifier  # noqa: E402
from server import Server  # noqa: E402

KEY, SECRET, TOKEN = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "IQoJb3JpZ2luX2VjEXAMPLETOKEN//8="
REGION = "eu-central-1"
LOCAL = os.environ["SIGNET_LOCAL"]


class Proxy(Server):
    """Answers as the registry does, to those whose signature is right; `broken` requests get no answer of it."""

    def __init__(self):
        self.broken = []
        super().__init__()

    def answer(self, request):
        fault = verifier.fault(request, {KEY: (SECRET, TOKEN)}, REGION)
        if fault:
            return 403, {}, json.dumps({"message": fault}).encode()
        if self.broken:
            when = self.broken.pop(0)
            if when == "before":
                return 503, {}, b"{}"
            forward(request)
            return 504, {}, b"not json"
        return forward(request)


def forward(request):
    headers = {name: request.headers[name] for name in ("content-type", "idempotency-key") if name in request.headers}
    passed = urllib.request.Request(
        LOCAL + request.target, data=request.body or None, method=request.method, headers=headers
    )
    try:
        with urllib.request.urlopen(passed) as answer:
            return answer.status, {"Content-Type": "application/json"}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {"Content-Type": "application/problem+json"}, error.read()


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(("AWS_", "SIGNET_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(register_version.time, "sleep", lambda _: None)


@pytest.fixture
def proxy(monkeypatch):
    server = Proxy()
    monkeypatch.setenv("SIGNET_URL", server.url)
    yield server
    server.close()


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"} if body is not None else {}
    with urllib.request.urlopen(urllib.request.Request(LOCAL + path, data, headers, method=method)) as answer:
        return json.load(answer)


@pytest.fixture
def model():
    name = f"churn model {uuid.uuid4().hex[:8]}"
    call("POST", "/v1/models", {"name": name})
    return name


def execution():
    return f"arn:aws:sagemaker:{REGION}:123456789012:pipeline/churn/execution/{uuid.uuid4().hex[:12]}"


def event(model, arn, **more):
    """What a Lambda step sends: its inputs, flat."""
    return {
        "model": model,
        "execution": arn,
        "step": "RegisterInSignet",
        "image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/xgboost:1.7-1",
        "model_data": "model.tar.gz",
        "file.model.tar.gz": "s3://models/churn/81/output/model.tar.gz",
        "file.evaluation.json": "s3://models/churn/81/evaluation.json",
        "metric.auc": 0.91,
        "param.eta": "0.2",
        "tag.team": "growth",
        **more,
    }


def count(model):
    return call("GET", f"/v1/models/{urllib.request.quote(model)}")["lastVersion"]


def test_a_step_registers_a_version_with_its_files_metrics_and_run(proxy, model):
    arn = execution()
    outputs = register_version.lambda_handler(event(model, arn), None)
    version = call("GET", f"/v1/models/{urllib.request.quote(model)}/versions/1")
    assert outputs == {"model": model, "version": 1, "status": "READY", "digest": version["artifacts"]["digest"]}
    assert version["run"] == {"id": arn, "system": "sagemaker", "experiment": "churn"}
    assert version["metrics"] == {"auc": 0.91}
    assert version["hyperParameters"] == {"eta": "0.2"}
    assert version["tags"] == {"team": "growth", "sagemaker.step": "RegisterInSignet"}
    assert version["containers"][0]["modelData"] == "model.tar.gz"
    files = call("GET", f"/v1/models/{urllib.request.quote(model)}/versions/1/artifacts")["items"]
    assert {file["path"]: file["uri"] for file in files} == {
        "model.tar.gz": "s3://models/churn/81/output/model.tar.gz",
        "evaluation.json": "s3://models/churn/81/evaluation.json",
    }


def test_the_same_step_of_an_execution_is_one_version_and_others_are_others(proxy, model):
    arn = execution()
    first = [register_version.lambda_handler(event(model, arn), None) for _ in range(3)]
    assert [one["version"] for one in first] == [1, 1, 1]
    assert register_version.lambda_handler(event(model, arn, step="RegisterAgain"), None)["version"] == 2
    assert register_version.lambda_handler(event(model, execution()), None)["version"] == 3
    assert count(model) == 3


def test_it_is_found_when_the_registry_no_longer_remembers_the_key(proxy, model):
    arn = execution()
    first = register_version.lambda_handler(event(model, arn), None)
    posts = [request for request in proxy.requests if request.method == "POST"]
    assert register_version.lambda_handler(event(model, arn), None) == first
    assert len(posts) == 1
    assert [request for request in proxy.requests if request.method == "POST"] == posts


def test_steps_that_run_at_the_same_time_make_one_version(proxy, model):
    arn, versions = execution(), []
    registry = register_version.Registry(proxy.url)

    def create():
        # Past the search, as two functions would be that both found nothing.
        versions.append(registry._create(model, arn, "register", {"metrics": {"auc": 0.9}})["version"])

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert versions == [1] * 6
    assert count(model) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_call_that_fails_or_whose_answer_is_lost_is_repeated(proxy, model, when):
    proxy.broken = ["before", when, "before"]
    assert register_version.lambda_handler(event(model, execution()), None)["version"] == 1
    assert count(model) == 1


def test_a_refusal_says_what_is_wrong(proxy, model):
    with pytest.raises(register_version.RegistryError, match="model_not_found") as refused:
        register_version.lambda_handler(event("nobody", execution()), None)
    assert SECRET not in str(refused.value) and TOKEN not in str(refused.value)
    with pytest.raises(register_version.RegistryError, match="invalid_input"):
        register_version.lambda_handler(event(model, execution(), **{"file.model.tar.gz": "ftp://host/file"}), None)
    with pytest.raises(ValueError, match="quotes"):
        register_version.lambda_handler(event(model, "it's"), None)
    assert count(model) == 0


def test_who_may_not_come_in_is_told_and_not_asked_again(proxy, model, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(register_version.RegistryError, match="403"):
        register_version.lambda_handler(event(model, execution()), None)
    assert len(proxy.requests) == 1


def test_a_container_registers_by_the_command_line(proxy, model, capsys):
    arn = execution()
    arguments = ["--model", model, "--execution", arn, "--metric", "auc=0.91", "--file", "model.tar.gz=s3://m/model.tar.gz"]
    for _ in range(2):
        register_version.main(arguments)
        assert json.loads(capsys.readouterr().out)["version"] == 1
    with pytest.raises(SystemExit, match="model_not_found"):
        register_version.main(["--model", "nobody", "--execution", arn])
