"""A SAML provider that is another program than the one that reads its answers."""

import base64
import html
import json
import re
import subprocess
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from playwright._impl._driver import compute_driver_executable

ENTITY_ID = "https://directory.example/saml"
SIGN_ON_ADDRESS = "https://directory.example/saml/sign-on"
MAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
Attributes = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A key and the certificate that goes with it."""

    key: str
    certificate: str


@cache
def signing(name: str) -> Signing:
    """The key of a provider of this name; made once in each run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    return Signing(key=pem.decode(), certificate=certificate.public_bytes(serialization.Encoding.PEM).decode())


def answer(
    request: str, *, user: str, attributes: Attributes, by: str = "directory", **options: str | float | bool | None
) -> str:
    """What the provider sends back to a request, in base64; options change what it says, or how it signs."""
    signed = signing(by)
    told: dict[str, object] = {"request": request, "user": user, "attributes": attributes, "issuer": ENTITY_ID}
    told |= {"key": signed.key, "cert": signed.certificate, **options}
    node, _ = compute_driver_executable()
    script = Path(__file__).with_name("answer.mjs")
    done = subprocess.run([node, str(script)], input=json.dumps(told), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def metadata() -> str:
    """What the provider tells of itself."""
    certificate = "".join(signing("directory").certificate.splitlines()[1:-1])
    return f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY_ID}">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
      <X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{SIGN_ON_ADDRESS}"/>
  </IDPSSODescriptor>
</EntityDescriptor>"""


@contextmanager
def running_saml_provider(*, user: str, attributes: Attributes) -> Iterator[str]:
    """A provider that answers every browser at once, as somebody; the address to send browsers to."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            if "SAMLRequest" not in asked:
                self.send_error(404)
                return
            response = answer(asked["SAMLRequest"][0], user=user, attributes=attributes)
            place = html.escape(_place_of(asked["SAMLRequest"][0]))
            body = (
                f'<!doctype html><html lang="en"><title>Directory</title><form method="post" action="{place}">'
                f'<input type="hidden" name="SAMLResponse" value="{response}"><button>Come in</button></form>'
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sign-on"
    finally:
        server.shutdown()
        server.server_close()


def _place_of(request: str) -> str:
    """Where the request wants its answer."""
    text = zlib.decompress(base64.b64decode(request), -zlib.MAX_WBITS).decode()
    found = re.search(r'AssertionConsumerServiceURL="([^"]+)"', text)
    assert found is not None
    return found.group(1)
