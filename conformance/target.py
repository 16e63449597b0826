"""The server under test: its address, how it is trusted, and how hard it may be asked."""

import socket
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

REQUESTS_PER_SECOND = 25.0
MOST_REQUESTS = 600
MOST_SECONDS = 180.0


class TargetError(ValueError):
    """An address that cannot be tested; the message says why."""


class ExhaustedError(Exception):
    """The run has asked as much, or taken as long, as one may."""


@dataclass
class Pace:
    """Bounds of a run: requests in a second and in all, and its length.

    Args:
        rate: Requests in a second at most.
        stretch: How long what is slow on purpose takes, as a share of what it usually does.
        patience: Seconds to wait for an answer.
    """

    rate: float = REQUESTS_PER_SECOND
    stretch: float = 1.0
    patience: float = 5.0
    requests: int = 0
    started: float = field(default_factory=time.monotonic)
    _next: float = 0

    def take_turn(self) -> None:
        """Wait until the next request may be sent.

        Raises:
            ExhaustedError: None may be any more.
        """
        now = time.monotonic()
        if self.requests >= MOST_REQUESTS:
            raise ExhaustedError(f"{MOST_REQUESTS} requests are the most that a run sends")
        if now - self.started > MOST_SECONDS:
            raise ExhaustedError(f"{MOST_SECONDS:.0f} seconds are the most that a run takes")
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.rate
        self.requests += 1

    def pause(self, seconds: float) -> None:
        """Be slow on purpose."""
        time.sleep(seconds * self.stretch)


@dataclass(frozen=True)
class Target:
    """An origin, perhaps with a path below which everything is."""

    host: str
    port: int
    prefix: str
    """The path, without a slash at the end."""
    context: ssl.SSLContext

    @classmethod
    def of(cls, url: str, context: ssl.SSLContext) -> "Target":
        """The target of an address.

        Raises:
            TargetError: It is none that a collector can have.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or 443
        except ValueError as error:
            raise TargetError(f"{url}: {error}") from error
        if parts.scheme != "https" or not parts.hostname:
            raise TargetError(
                f"{url}: a collector's address begins with https://, as tag.toml has it"
            )
        if parts.query or parts.fragment or parts.username:
            raise TargetError(f"{url}: an address has neither a query nor a fragment nor a user")
        return cls(parts.hostname, port, parts.path.rstrip("/"), context)

    @property
    def authority(self) -> str:
        """The value of the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """As a browser writes it into `Origin`."""
        return f"https://{self.authority}"

    def dial(self, timeout: float, protocols: tuple[str, ...] = ("http/1.1",)) -> ssl.SSLSocket:
        """A new TLS connection; nothing is ever sent anywhere else."""
        # Resolvers need not know names below localhost; RFC 6761 has them on loopback.
        name = "localhost" if self.host.endswith(".localhost") else self.host
        plain = socket.create_connection((name, self.port), timeout=timeout)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.context.set_alpn_protocols(list(protocols))
            return self.context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def client_context(ca: Path | None = None, *, insecure: bool = False) -> ssl.SSLContext:
    """Whom to trust: the system's authorities, one of one's own, or anybody.

    Raises:
        TargetError: The file holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise TargetError(f"{ca}: no certificates in PEM: {error}") from error
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
