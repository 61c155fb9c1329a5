"""Drives the stock MLflow client against a running registry. One argument: the tracking URI."""

import hashlib
import os
import pathlib
import sys
import tempfile

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

uri = sys.argv[1]
model_file = pathlib.Path(sys.argv[2])
mlflow.set_tracking_uri(uri)
mlflow.set_registry_uri(uri)
client = MlflowClient()
suffix = f"{mlflow.__version__}-{os.getpid()}"
major = int(mlflow.__version__.split(".")[0])
passed = 0


def check(name, condition):
    global passed
    if not condition:
        raise AssertionError(name)
    passed += 1


def refused(name, code, call):
    try:
        call()
    except MlflowException as error:
        check(f"{name}: {error.error_code}", error.error_code == code)
    else:
        raise AssertionError(f"{name} was not refused")


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def models():
    name = f"model {suffix}"
    client.create_registered_model(name, tags={"team": "speech"}, description="first")
    refused("a name twice", "RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model(name))
    refused("a missing model", "RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(f"none {suffix}"))
    client.update_registered_model(name, "second")
    client.set_registered_model_tag(name, "owner", "tom")
    client.delete_registered_model_tag(name, "team")
    model = client.get_registered_model(name)
    check("description and tags", model.description == "second" and model.tags == {"owner": "tom"})
    renamed = f"renamed {suffix}"
    client.rename_registered_model(name, renamed)
    check("rename", client.get_registered_model(renamed).name == renamed)
    client.delete_registered_model(renamed)
    refused("a deleted model", "RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(renamed))


def versions():
    name = f"versions-{suffix}"
    client.create_registered_model(name)
    for number in (1, 2, 3):
        version = client.create_model_version(name, f"s3://bucket/{number}", run_id=f"run_id_{number}", tags={"n": str(number)})
        check("numbers", int(version.version) == number and version.status == "READY" and version.user_id)
    client.update_model_version(name, "1", description="the first")
    client.set_model_version_tag(name, "1", "k", "v")
    client.delete_model_version_tag(name, "1", "n")
    first = client.get_model_version(name, "1")
    check("version", first.description == "the first" and first.tags == {"k": "v"} and first.run_id == "run_id_1")
    client.transition_model_version_stage(name, "1", "Production")
    client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
    check("archived", client.get_model_version(name, "1").current_stage == "Archived")
    latest = {v.current_stage: int(v.version) for v in client.get_latest_versions(name)}
    check("latest versions", latest == {"None": 3, "Production": 2, "Archived": 1})
    client.set_registered_model_alias(name, "champion", "2")
    check("alias", int(client.get_model_version_by_alias(name, "champion").version) == 2)
    check("aliases of the model", client.get_registered_model(name).aliases == {"champion": "2"})
    client.delete_registered_model_alias(name, "champion")
    refused("a deleted alias", "INVALID_PARAMETER_VALUE", lambda: client.get_model_version_by_alias(name, "champion"))
    found = client.search_model_versions(f"name='{name}' AND run_id IN ('run_id_1', 'run_id_3')")
    check("search versions", sorted(int(v.version) for v in found) == [1, 3])
    pages, token = [], None
    while True:
        page = client.search_model_versions(f"name='{name}'", max_results=2, page_token=token)
        pages.append([int(v.version) for v in page])
        token = page.token
        if not token:
            break
    check("pages", [len(page) for page in pages] == [2, 1] and sorted(sum(pages, [])) == [1, 2, 3])
    models_found = client.search_registered_models(f"name LIKE 'versions-{suffix[:3]}%'")
    check("search models", name in [m.name for m in models_found])
    refused("a filter that is wrong", "INVALID_PARAMETER_VALUE", lambda: client.search_model_versions("name = OR"))
    client.delete_model_version(name, "3")
    refused("a deleted version", "RESOURCE_DOES_NOT_EXIST", lambda: client.get_model_version(name, "3"))
    check("numbers are not given twice", int(client.create_model_version(name, "s3://bucket/4").version) == 4)


def files():
    name = f"files-{suffix}"
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder, "model")
        (model / "data").mkdir(parents=True)
        (model / "MLmodel").write_text("flavors:\n  onnx:\n    data: data/model.onnx\n")
        (model / "data" / "model.onnx").write_bytes(model_file.read_bytes())
        source = f"mlflow-artifacts:/runs/{suffix}/model"
        get_artifact_repository(source).log_artifacts(str(model))
        registered = mlflow.register_model(source, name)
        check("register_model", int(registered.version) == 1)
        client.set_registered_model_alias(name, "best", "1")
        client.transition_model_version_stage(name, "1", "Staging")
        for where in (f"models:/{name}/1", f"models:/{name}@best", f"models:/{name}/Staging", f"models:/{name}/latest"):
            target = pathlib.Path(folder, hashlib.md5(where.encode()).hexdigest())
            target.mkdir()
            got = pathlib.Path(mlflow.artifacts.download_artifacts(where, dst_path=str(target)))
            check(where, digest(got / "data" / "model.onnx") == digest(model_file) and (got / "MLmodel").exists())
        copied = client.copy_model_version(f"models:/{name}/1", f"copy-{suffix}")
        check("copy", copied.source == f"models:/{name}/1")
        target = pathlib.Path(folder, "copied")
        target.mkdir()
        got = pathlib.Path(mlflow.artifacts.download_artifacts(f"models:/copy-{suffix}/1", dst_path=str(target)))
        check("download of a copy", digest(got / "data" / "model.onnx") == digest(model_file))
        # The client of 2.9 forgets the folder of the run when it sends a file in parts.
        if mlflow.__version__ != "2.9.2":
            os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
            os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = "4000000"
            os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = str(5 * 1024 * 1024)
            large = pathlib.Path(folder, "large.bin")
            large.write_bytes(model_file.read_bytes() * 5)
            repository = get_artifact_repository(f"mlflow-artifacts:/runs/{suffix}")
            repository.log_artifact(str(large), "big")
            check("multipart", digest(repository.download_artifacts("big/large.bin")) == digest(large))
            repository.delete_artifacts("big")
            check("delete", repository.list_artifacts("big") == [])


def webhooks():
    if not hasattr(client, "create_webhook"):
        return
    created = client.create_webhook("hook", "https://example.com/hook", ["model_version.created"], secret="s3cret")
    check("webhook", created.webhook_id and created.name == "hook" and created.secret is None)
    check("webhooks", created.webhook_id in [hook.webhook_id for hook in client.list_webhooks()])
    client.update_webhook(created.webhook_id, name="renamed")
    check("webhook renamed", client.get_webhook(created.webhook_id).name == "renamed")
    client.delete_webhook(created.webhook_id)
    refused("a deleted webhook", "RESOURCE_DOES_NOT_EXIST", lambda: client.get_webhook(created.webhook_id))


def prompts():
    if not hasattr(client, "register_prompt") or major < 3:
        return
    name = f"prompt-{suffix.replace('.', '_')}"
    prompt = client.register_prompt(name, "Answer {{question}}.", commit_message="first")
    check("prompt", prompt.version == 1)
    client.register_prompt(name, "Answer {{question}} in one line.")
    check("load", client.load_prompt(f"prompts:/{name}/2").template.endswith("one line."))
    client.set_prompt_alias(name, "live", 1)
    check("load by alias", client.load_prompt(f"prompts:/{name}@live").version == 1)
    check("prompts are no models", name not in [m.name for m in client.search_registered_models()])


STEPS = {"models": models, "versions": versions, "files": files, "webhooks": webhooks, "prompts": prompts}
for step in sys.argv[3].split(","):
    STEPS[step]()
print(f"mlflow {mlflow.__version__}: {passed} checks passed at {uri}")
