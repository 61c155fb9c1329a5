"""What MLflow loads when MLFLOW_TRACKING_AUTH is `signet-sigv4`."""

from __future__ import annotations

import threading


class SigV4AuthProvider:
    """A request auth provider of MLflow.

    It does not inherit from MLflow's abstract class: MLflow only calls the two methods, and so the package can be
    installed, and its signer used with plain requests, where MLflow is not. MLflow loads every provider whenever it is
    imported, which is why botocore is only imported once this one is asked for.
    """

    def __init__(self):
        self._auth = None
        self._lock = threading.Lock()

    def get_name(self):
        return "signet-sigv4"

    def get_auth(self):
        """The signer. MLflow asks anew for every request; one signer keeps the credentials until they must be renewed."""
        with self._lock:
            if self._auth is None:
                from signet_mlflow.sigv4 import SigV4Auth

                self._auth = SigV4Auth()
            return self._auth
