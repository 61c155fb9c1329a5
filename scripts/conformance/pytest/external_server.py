"""Points MLflow's own registry tests at a running registry: a pytest plugin for files taken from MLflow's `tests/`.

Those files start MLflow's server inside the test. What they import for it is replaced here, so that they run as they
are: where a test starts a server, it is given a new workspace of the registry at SIGNET_URL, which is as empty.
"""

import contextlib
import importlib.util
import itertools
import os
import sys
import types

import requests

REGISTRY = os.environ["SIGNET_URL"]
numbers = itertools.count(1)


@contextlib.contextmanager
def server_thread(_app, _port):
    workspace = f"mlflow-{os.getpid()}-{next(numbers)}"
    requests.post(f"{REGISTRY}/v1/workspaces", json={"name": workspace}, timeout=30).raise_for_status()
    yield f"{REGISTRY}/w/{workspace}"


def module(name, **members):
    replacement = types.ModuleType(name)
    vars(replacement).update(members)
    sys.modules[name] = replacement
    return replacement


def replace_server():
    # The rest of the package stays what it is: the client reads names from it.
    folders = importlib.util.find_spec("mlflow").submodule_search_locations
    handlers = module("mlflow.server.handlers", initialize_backend_stores=lambda *_args, **_named: None)
    application = module("mlflow.server.fastapi_app", app=None)
    module(
        "mlflow.server",
        __path__=[os.path.join(folder, "server") for folder in folders],
        handlers=handlers,
        fastapi_app=application,
    )


def replace_helpers():
    module("tests", __path__=[])
    module("tests.helper_functions", get_safe_port=lambda: 0)
    module("tests.tracking", __path__=[])
    module("tests.tracking.integration_test_utils", ServerThread=server_thread)


replace_server()
replace_helpers()


def pytest_collection_modifyitems(config, items):
    """Drops the second run of each test, which is for the other of MLflow's two databases."""

    def for_files(item):
        return hasattr(item, "callspec") and item.callspec.params.get("client") == "file"

    config.hook.pytest_deselected(items=[item for item in items if for_files(item)])
    items[:] = [item for item in items if not for_files(item)]
