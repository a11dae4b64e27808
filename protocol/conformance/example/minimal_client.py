# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The beginning of a client: unary calls, one after the other. expected-failures.txt beside it lists what it lacks."""

import json
import socket
import sys

KINDS = {"hello", "call", "item", "done", "end", "cancel", "credit", "ping", "pong", "goaway"}
CODES = {
    "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
}  # fmt: skip
CODES_OF_GOAWAYS = {"PROTOCOL_ERROR": "INTERNAL", "UNIDENTIFIED_PEER": "UNAUTHENTICATED"}
TRIES = 3


class CallError(Exception):
    """The call ended with a code."""

    def __init__(self, code, reason):
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Connection:
    """Frames over a Unix socket (section F of SPEC.md), and calls one after the other."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)
        self._reader = self._socket.makefile("rb")
        self._last_id = 0

    def unary(self, method, request):
        """The response. Raises CallError, or ConnectionError where the connection is of no more use."""
        self._last_id += 1
        self._send({"call": self._last_id, "method": method}, request)
        while True:
            head, body = self._receive()
            kind = self._kind(head)
            if kind == "ping":
                self._send({"pong": head["ping"]})
            elif kind == "end" and head["end"] == self._last_id:
                return self._response(head, body)
            elif kind == "goaway" and head["goaway"] < self._last_id:
                raise CallError(CODES_OF_GOAWAYS.get(head.get("reason"), "UNAVAILABLE"), head.get("reason"))
            elif kind not in ("hello", "goaway", "pong", None):
                raise ConnectionError(f"the server broke the protocol: {head}")

    def close(self):
        """Ends it."""
        self._reader.close()
        self._socket.close()

    @staticmethod
    def _kind(head):
        kinds = [name for name in head if name in KINDS]
        if not kinds and any(name.startswith("x-") for name in head):
            return None
        if len(kinds) != 1 or type(head[kinds[0]]) is not int:
            raise ConnectionError(f"the server broke the protocol: {head}")
        return kinds[0]

    @staticmethod
    def _response(head, body):
        code = head.get("code", "OK")
        if code == "OK":
            return json.loads(body or b"{}")
        infos = (
            one for one in head.get("details", []) if one.get("@type") == "type.googleapis.com/google.rpc.ErrorInfo"
        )
        raise CallError(code if code in CODES else "UNKNOWN", next(infos, {}).get("reason"))

    def _send(self, head, body=None):
        payload = json.dumps(head).encode() + (b"" if body is None else b"\n" + json.dumps(body).encode())
        self._socket.sendall(len(payload).to_bytes(4, "big") + payload)

    def _receive(self):
        length = int.from_bytes(self._exactly(4), "big")
        if not 1 <= length < 1 << 24:
            raise ConnectionError(f"the server broke the protocol: a frame of length {length}")
        head, _, body = self._exactly(length).partition(b"\n")
        if len(head) > 16384:
            raise ConnectionError("the server broke the protocol: a head is too long")
        try:
            return json.loads(head), body
        except ValueError:
            raise ConnectionError("the server broke the protocol: a head is no JSON") from None

    def _exactly(self, count):
        data = self._reader.read(count)
        if len(data) < count:
            raise ConnectionError("the server closed")
        return data


class Client:
    """Connects when there is a call to make, and tries again what may be repeated (section R)."""

    def __init__(self, path):
        self._path = path
        self._connection = None

    def unary(self, method, request, idempotency):
        """The response. Raises CallError."""
        for attempt in range(1, TRIES + 1):
            try:
                self._connection = self._connection or Connection(self._path)
                return self._connection.unary(method, request)
            except ConnectionError:
                self.close()
                error = CallError("UNAVAILABLE", "CONNECTION_LOST")
            except CallError as ended:
                error = ended
            if error.code != "UNAVAILABLE" or idempotency == "none" or attempt == TRIES:
                raise error

    def close(self):
        """Ends the connection, if there is one."""
        if self._connection:
            self._connection.close()
            self._connection = None


def main():
    """What every client under test does: reads lines, does what they say, and tells how each call ended."""
    client = None
    for line in sys.stdin:
        told = json.loads(line)
        if "socket" in told:
            if client:
                client.close()
            client = Client(told["socket"])
        elif "start" in told:
            call = told["start"]
            end = {"call": call["call"]}
            if call["kind"] == "unary":
                try:
                    end["response"] = client.unary(call["method"], call["requests"][0], call["idempotency"])
                except CallError as error:
                    end |= {"code": error.code, "reason": error.reason}
            else:
                end["code"] = "UNIMPLEMENTED"
            print(json.dumps(end), flush=True)
        # A client that does one call at a time hears of a cancel when the call has ended.


if __name__ == "__main__":
    main()
