"""MLflow's own client, through the entry point. Needs mlflow (or mlflow-skinny), and this package installed beside it."""

import json
from urllib.parse import parse_qsl

import pytest

pytest.importorskip("mlflow")

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

SEARCH = "/api/2.0/mlflow/registered-models/search"
GET = "/api/2.0/mlflow/registered-models/get"
CREATE = "/api/2.0/mlflow/registered-models/create"
FILES = "/api/2.0/mlflow-artifacts/artifacts"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client(gateway, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_AUTH", "signet-sigv4")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", gateway.url)
    model = {"registered_model": {"name": "a b"}}
    gateway.answers[SEARCH] = (200, JSON, json.dumps({"registered_models": [{"name": "a b"}]}).encode())
    gateway.answers[GET] = gateway.answers[CREATE] = (200, JSON, json.dumps(model).encode())
    return MlflowClient(gateway.url, gateway.url)


def sent(gateway, path):
    targets = [request.target for request in gateway.requests if request.target.startswith(path)]
    assert targets, [request.target for request in gateway.requests]
    return targets[-1][len(path) :].lstrip("?")


def test_a_search_with_spaces_and_several_orders(client, gateway):
    orders = ["name ASC", "last_updated_timestamp DESC", "name ASC"]
    found = client.search_registered_models("name LIKE '%a b%' AND tags.`größe x` = '1+1'", order_by=orders)
    assert [model.name for model in found] == ["a b"]
    query = sent(gateway, SEARCH)
    assert "+" not in query
    pairs = parse_qsl(query, strict_parsing=True)
    assert [value for key, value in pairs if key == "order_by"] == orders
    assert "name LIKE '%a b%' AND tags.`größe x` = '1+1'" in dict(pairs)["filter"]


def test_reading_and_writing_a_model(client, gateway):
    assert client.get_registered_model("a b").name == "a b"
    assert sent(gateway, GET) == "name=a%20b"
    assert client.create_registered_model("a b", tags={"k": "ü"}).name == "a b"
    assert json.loads(gateway.requests[-1].body)["tags"] == [{"key": "k", "value": "ü"}]


def test_files(client, gateway, store, tmp_path):
    file = tmp_path / "my model.bin"
    file.write_bytes(b"model" * 1_000_000)
    repository = get_artifact_repository("mlflow-artifacts:/run 1")
    repository.log_artifact(str(file), "sub")
    assert gateway.requests[-1].method == "PUT"
    assert gateway.requests[-1].target == f"{FILES}/run%201/sub/my%20model.bin"
    assert gateway.requests[-1].body == file.read_bytes()
    (tmp_path / "empty").touch()
    repository.log_artifact(str(tmp_path / "empty"))

    gateway.answers[f"{FILES}/run%201/sub/big"] = (307, {"Location": f"{store.url}/b/k?X-Amz-Signature=abc"}, b"")
    target = tmp_path / "target"
    repository._download_file("sub/big", str(target))
    assert target.read_bytes() == b"from the store"


def test_a_refusal_reaches_the_caller(client, gateway):
    gateway.secrets = {}
    with pytest.raises(MlflowException, match="unknown access key"):
        client.get_registered_model("a b")
