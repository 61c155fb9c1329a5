"""Servers on 127.0.0.1: a gateway that verifies signatures, and a store that refuses whoever sends one."""

import dataclasses
import http.server
import json
import threading

import verifier


@dataclasses.dataclass
class Request:
    method: str
    target: str
    headers: dict
    body: bytes


class Server:
    def __init__(self):
        self.requests = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                # All of the body is read before anything is answered, and chunks are not understood: API Gateway wants
                # the length.
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                request = Request(self.command, self.path, headers, body)
                outer.requests.append(request)
                status, extra, answer = outer.answer(request)
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()


class Gateway(Server):
    def __init__(self, secrets, region):
        self.secrets = secrets
        self.region = region
        self.answers = {}
        super().__init__()

    def answer(self, request):
        if "transfer-encoding" in request.headers:
            return 411, {"Connection": "close"}, b"chunks"
        fault = verifier.fault(request, self.secrets, self.region)
        if fault:
            return 403, {}, json.dumps({"message": fault}).encode()
        return self.answers.get(request.target.partition("?")[0], (200, {"Content-Type": "application/json"}, b"{}"))


class Store(Server):
    """As S3 with a presigned URL: the signature is in the query, and a second one is an error."""

    def answer(self, request):
        sent = [name for name in request.headers if name == "authorization" or name.startswith("x-amz-")]
        if sent or request.headers["host"] != self.url.partition("//")[2]:
            return 400, {}, f"refused: {sent}".encode()
        return 200, {}, request.body or b"from the store"
