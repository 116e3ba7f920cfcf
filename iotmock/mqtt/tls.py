"""TLS as it should be: verified, with a client certificate where the broker asks for one."""

import ssl


def make_tls_context(
    ca_file: str | None = None, cert_file: str | None = None, key_file: str | None = None
) -> ssl.SSLContext:
    """Return a context that verifies the broker's certificate and host name.

    Raises:
        OSError: a file can not be read, or is no certificate or key (`ssl.SSLError`).
    """
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=ca_file)
    if cert_file is not None:
        context.load_cert_chain(cert_file, key_file)
    return context
