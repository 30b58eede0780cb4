"""The authority's papers and how it answers: OpenSSL does both."""

import subprocess
from pathlib import Path

_CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Autorite d'essai
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[stamps]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_alg = sha256
"""
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """Stamps digests. `certificate` is what an auditor checks it with."""

    def __init__(self, folder: Path) -> None:
        """Make a certificate of its own and one for stamping, in `folder`."""
        self._folder = folder
        self.certificate = folder / "ca.pem"
        (folder / "ts.cnf").write_text(_CONFIGURATION)
        made = ("-config", "ts.cnf", "-subj")
        self._openssl(
            "req", "-x509", *_KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-extensions",
            "authority", *made, "/CN=Racine d'essai",
        )  # fmt: skip
        self._openssl("req", *_KEY, "-keyout", "ts.key", "-out", "ts.csr", *made, "/CN=Horodatage d'essai")
        self._openssl(
            "x509", "-req", "-in", "ts.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            "ts.pem", "-days", "30", "-extfile", "ts.cnf", "-extensions", "stamping",
        )  # fmt: skip

    def answer(self, query: bytes) -> bytes:
        """Return the answer to a query, both DER: a token, or a refusal."""
        (self._folder / "query.tsq").write_bytes(query)
        self._openssl(
            "ts", "-reply", "-config", "ts.cnf", "-section", "stamps", "-queryfile", "query.tsq", "-signer",
            "ts.pem", "-inkey", "ts.key", "-out", "answer.tsr",
        )  # fmt: skip
        return (self._folder / "answer.tsr").read_bytes()

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)  # noqa: S603, S607
