"""A mail server and a robot's server that take what they are sent, for tests of what leaves the system."""

import email
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class _Session(socketserver.StreamRequestHandler):
    """One session of SMTP (RFC 5321), as far as a client without encryption needs it."""

    def handle(self):
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self._say("354 go on")
                self.server.taken.append(email.message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n"))))
            elif word == "RCPT" and self.server.refuses:
                self._say("550 no such user")
                continue
            elif word == "QUIT":
                self._say("221 bye")
                return
            if word != "DATA" or self.server.answers:
                self._say("250 ok")
            else:
                # The message is here, the answer is not: what a sender sees that dies at this moment.
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """``taken``: the messages; ``refuses``: every recipient; ``answers`` False: takes a message and breaks off."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.taken, self.refuses, self.answers = [], False, True


class _Robot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(body))
        answer = json.dumps({"errcode": self.server.code}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class RobotServer(HTTPServer):
    """``taken``: the bodies it was sent; ``code``: what it answers."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Robot)
        self.taken, self.code = [], 0


@contextmanager
def served(server) -> Iterator:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
