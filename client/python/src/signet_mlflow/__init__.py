"""Signs the requests of MLflow's Python client with AWS Signature Version 4. See `provider` and `sigv4`."""
