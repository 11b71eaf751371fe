"""Who gets alerts in tests: a mail server with a certificate of its own, and a web server that keeps what it is sent."""

import email
import email.policy
import http.server
import json
import os
import ssl
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from lib import practice as lib


def make_certificate(folder, name="127.0.0.1"):
    """A certificate that only who trusts it (its file is both) accepts: (certificate, key)."""
    certificate, key = os.path.join(folder, f"{name}.pem"), os.path.join(folder, f"{name}.key")
    kind = "IP" if name[0].isdigit() else "DNS"
    lib.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext",
             f"subjectAltName={kind}:{name}", "-keyout", key, "-out", certificate])
    return certificate, key


class Received:
    """Things that arrive, and waiting for them."""

    def __init__(self):
        self._items, self._changed = [], threading.Condition()

    def add(self, item):
        with self._changed:
            self._items.append(item)
            self._changed.notify_all()

    def wait_for(self, wanted, what):
        """The first that is wanted; None never comes back: the test's own time limit ends a wait in vain."""
        with self._changed:
            while True:
                for item in self._items:
                    if wanted(item):
                        return item
                if not self._changed.wait(timeout=120):
                    raise lib.Failed(f"{what} did not arrive; there is {self._items}")

    def all(self):
        with self._changed:
            return list(self._items)


class AnyPort(Controller):
    """A controller on any free port: the original looks for its server where it was told to be, on port 0."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailServer(Received):
    """Takes mails by SMTP, over STARTTLS and from one user only; refuses recipients that begin with "nobody"."""
    USER, PASSWORD = "enamel", "mail secret 42"

    def __init__(self, certificate, key, starttls=True):
        super().__init__()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        options = {"tls_context": context, "require_starttls": True} if starttls else {}
        self.logins = []
        self.controller = AnyPort(self, hostname="127.0.0.1", port=0, authenticator=self.authenticate, auth_required=starttls,
                                  auth_require_tls=True, **options)
        self.controller.start()
        self.port = self.controller.port

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        self.logins.append(data.login)
        # Not "handled": the server answers the client, with 235 or 535.
        return AuthResult(success=(data.login, data.password) == (self.USER.encode(), self.PASSWORD.encode()), handled=False)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address.startswith("nobody"):
            return "550 there is no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        self.add({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None, "message": message,
                  "subject": str(message["Subject"]), "text": message.get_content(), "raw": envelope.original_content})
        return "250 OK"

    def stop(self):
        self.controller.stop()


class WebReceiver(Received):
    """Keeps every request as (method, path, JSON of the body or None); answers `status`."""

    def __init__(self, certificate=None, key=None):
        super().__init__()
        self.status = 200
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                receiver.add((self.command, self.path, json.loads(body) if body else None))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate, key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
