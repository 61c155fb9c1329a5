"""Drives the stock MLflow client against a running registry. One argument: the tracking URI."""

import hashlib
import os
import pathlib
import sys
import tempfile
import time

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


def pages():
    """What searches answer on pages of any size, in which order, and the times that they show."""
    prefix = f"Paged {suffix}"
    names = [f"{prefix} {number:02}" for number in range(12)]
    start = now()
    for name in names:
        client.create_registered_model(name)
    for name in names + names[:4]:
        time.sleep(0.002)  # the order below is that of different times
        client.create_model_version(name, "s3://bucket/paged", run_id=f"run of {prefix}", await_creation_for=None)
    ours = f"name LIKE '{prefix}%'"
    for size in (1, 5, 100):
        for more, wanted in (
            ("", names),
            (" AND name LIKE '%7'", [names[7]]),
            (f" AND name ILIKE '{prefix.upper()}%1%'", [names[number] for number in (1, 10, 11)]),
            (f" AND name LIKE '{prefix.upper()}%'", []),
            (f" AND name = '{names[3]}'", [names[3]]),
        ):
            found = all_pages(client.search_registered_models, ours + more, size)
            check(f"models{more} by {size}", [model.name for model in found] == wanted)
        newest_first = [(name, "2") for name in names[3::-1]] + [(name, "1") for name in names[::-1]]
        found = all_pages(client.search_model_versions, ours, size)
        check(f"versions by {size}", [(one.name, str(one.version)) for one in found] == newest_first)
    by_name = client.search_model_versions(ours, order_by=["name DESC"], max_results=3)
    check("versions by name", [one.name for one in by_name] == names[:-4:-1])
    by_number = client.search_model_versions(ours, order_by=["version_number DESC"], max_results=5)
    check("versions by number", [int(one.version) for one in by_number] == [2, 2, 2, 2, 1])
    check("versions of a run", len(client.search_model_versions(f"run_id = 'run of {prefix}'")) == 16)
    times(names[0], start)


def times(name, start):
    """Which changes move the time of a model, which only that of its version."""
    registered = now()
    model, version = client.get_registered_model(name), client.get_model_version(name, "1")
    check("creation times", start <= model.creation_timestamp <= version.creation_timestamp <= registered)
    check("a version is a change of its model", version.creation_timestamp <= model.last_updated_timestamp <= registered)
    client.update_model_version(name, "1", description="described")
    described = client.get_model_version(name, "1").last_updated_timestamp
    check("a description is a change of the version", registered <= described <= now())
    same = client.get_registered_model(name).last_updated_timestamp
    check("a description is no change of the model", same == model.last_updated_timestamp)
    client.transition_model_version_stage(name, "1", "Staging")
    check("a stage is a change of the model", client.get_registered_model(name).last_updated_timestamp >= described)
    shown = [one for one in client.search_registered_models(f"name = '{name}'")][0].latest_versions
    check("latest versions of a search", {int(one.version): one.current_stage for one in shown} == {1: "Staging", 2: "None"})


def now():
    return int(time.time() * 1000)


def all_pages(search, text, size):
    found, token = [], None
    while True:
        page = search(text, max_results=size, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


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
    for url in ("   ", "ftp://example.com", "http://[invalid"):
        refused(f"the URL {url!r}", "INVALID_PARAMETER_VALUE", lambda: client.update_webhook(created.webhook_id, url=url))
    for number in (2, 3):
        client.create_webhook(f"hook-{number}", f"https://example.com/{number}", ["registered_model.created"])
    first = client.list_webhooks(max_results=2)
    second = client.list_webhooks(max_results=2, page_token=first.token)
    check("pages of webhooks", len(first) == 2 and len({hook.webhook_id for hook in first + second}) == len(first + second))
    for hook in client.list_webhooks():
        client.delete_webhook(hook.webhook_id)
    refused("a deleted webhook", "RESOURCE_DOES_NOT_EXIST", lambda: client.get_webhook(created.webhook_id))
    refused("a change of it", "RESOURCE_DOES_NOT_EXIST", lambda: client.update_webhook(created.webhook_id, name="new"))


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


STEPS = {"models": models, "versions": versions, "pages": pages, "files": files, "webhooks": webhooks, "prompts": prompts}
for step in sys.argv[3].split(","):
    STEPS[step]()
print(f"mlflow {mlflow.__version__}: {passed} checks passed at {uri}")
