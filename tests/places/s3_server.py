"""An S3 server of moto's on loopback, in a process of its own, asked by lines on its input.

``fill PREFIX COUNT`` makes objects; ``requests`` prints those that were answered since, as JSON.
"""

import json
import sys
from typing import Any


def main() -> None:
    """Serve until the input ends."""
    from moto.s3.models import s3_backends
    from moto.server import ThreadedMotoServer
    from werkzeug.serving import WSGIRequestHandler

    told: list[str] = []

    def log_request(handler: Any, *_: Any) -> None:
        told.append(f"{handler.command} {handler.path}")

    WSGIRequestHandler.log_request = log_request  # type: ignore
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    backend = s3_backends["123456789012"]["aws"]
    backend.create_bucket("bucket", "us-east-1")
    print(server.get_host_and_port()[1], flush=True)
    for line in sys.stdin:
        command, *words = line.split()
        if command == "fill":
            for number in range(int(words[1])):
                backend.put_object("bucket", f"{words[0]}/{number:05}.txt", b"x")
        answer, told[:] = json.dumps(told), []
        print(answer, flush=True)
    server.stop()


if __name__ == "__main__":
    main()
