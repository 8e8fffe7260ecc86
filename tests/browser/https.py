"""The site as the internet reaches it: over https, behind Caddy, with a certificate of its own."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.servers.programs import answers, free_port
from tests.browser.site import STOPS_WITHIN, Site
from tests.waiting import eventually

CADDYFILE = """{{
  admin off
  auto_https off
  storage file_system {folder}/caddy
  log {{
    level ERROR
  }}
}}
https://localhost:{outside} {{
  tls {folder}/certificate.pem {folder}/key.pem
  reverse_proxy 127.0.0.1:{inside}
}}
"""


class SecureSite(Site):
    """Pages and live line behind Caddy on a free port; `url` is what a phone opens."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        super().__init__(folder, mail_port)
        self.outside = free_port()
        self._inside = f"http://localhost:{self.port}"
        self.url = f"https://localhost:{self.outside}"
        self.environment["BASE_URL"] = self.url
        self.spki = write_certificate(folder)
        self._caddy: subprocess.Popen[bytes] | None = None

    @property
    def session_cookie(self) -> str:
        return "__Host-session"

    @property
    def readiness(self) -> str:
        return f"{self._inside}/readyz"

    def start(self) -> None:
        """Start the site, and Caddy in front of it."""
        super().start()
        told = CADDYFILE.format(folder=self.folder, outside=self.outside, inside=self.port)
        (self.folder / "Caddyfile").write_text(told)
        caddy = shutil.which("caddy")
        assert caddy, "Caddy is not installed"
        with (self.folder / "caddy.log").open("wb") as log:
            self._caddy = subprocess.Popen(
                [caddy, "run", "--adapter", "caddyfile", "--config", self.folder / "Caddyfile"],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**self.environment, "HOME": str(self.folder)},
            )
        eventually(lambda: answers(self.outside), within=30, what="Caddy listens")

    def stop(self) -> None:
        """End both."""
        if self._caddy:
            self._caddy.terminate()
            self._caddy.wait(STOPS_WITHIN)
        super().stop()


def write_certificate(folder: Path) -> str:
    """Write a certificate of a day for this machine's name, and return its key's fingerprint.

    The fingerprint is what Chromium is told to trust (base64 of the SHA-256 of the public key): a
    certificate whose errors are waved through would keep pages out of its back/forward cache.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    named = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(named), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, private, plain))
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(hashlib.sha256(public).digest()).decode()
