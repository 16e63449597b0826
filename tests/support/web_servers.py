"""nginx, Caddy and Apache, the real ones, each serving a build with its file from hosting/."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fixtures.authority import Authority

NAMES = ("localhost", "cdn.localhost", "www.localhost")
"""What each is called."""
PATIENCE = 400
"""Looks, 25 ms apart, until a server must answer."""
MODULES = Path("/usr/lib/apache2/modules")
"""Where Debian has Apache's modules."""
APACHE_MODULES = (
    "mpm_event",
    "authz_core",
    "mime",
    "headers",
    "rewrite",
    "setenvif",
    "env",
    "ssl",
    "proxy",
    "proxy_http",
)


@dataclass(frozen=True)
class Place:
    """Where a server finds what it needs."""

    folder: Path
    """The build, and beside it what the server itself writes."""
    certificate: Path
    port: int
    included: str
    """The name of the file below hosting/."""

    @property
    def dist(self) -> Path:
        """The build."""
        return self.folder / "dist"

    @property
    def configuration(self) -> Path:
        """What the build says to this server."""
        return self.dist / "hosting" / self.included


def _nginx(place: Place) -> str:
    owner = "user root;" if os.geteuid() == 0 else ""
    return f"""
{owner} daemon off; worker_processes 1; pid {place.folder}/pid; error_log stderr;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {place.folder}/body;
  proxy_temp_path {place.folder}/proxy;
  fastcgi_temp_path {place.folder}/fastcgi;
  uwsgi_temp_path {place.folder}/uwsgi;
  scgi_temp_path {place.folder}/scgi;
  server {{
    listen 127.0.0.1:{place.port} ssl;
    ssl_certificate {place.certificate}; ssl_certificate_key {place.certificate};
    root {place.dist};
    include {place.configuration};
  }}
}}
"""


def _caddy(place: Place) -> str:
    return f"""
{{
  admin off
  auto_https off
}}
https://:{place.port} {{
  bind 127.0.0.1
  tls {place.certificate} {place.certificate}
  root * {place.dist}
  import {place.configuration}
}}
"""


def _apache(place: Place) -> str:
    modules = "\n".join(f"LoadModule {m}_module {MODULES}/mod_{m}.so" for m in APACHE_MODULES)
    return f"""
{modules}
ServerName localhost
TypesConfig /etc/mime.types
PidFile {place.folder}/pid
ErrorLog {place.folder}/errors
DefaultRuntimeDir {place.folder}
User nobody
Group nogroup
Listen 127.0.0.1:{place.port}
<VirtualHost 127.0.0.1:{place.port}>
  SSLEngine on
  SSLCertificateFile {place.certificate}
  DocumentRoot {place.dist}
  <Directory {place.dist}>
    Require all granted
  </Directory>
  Include {place.configuration}
</VirtualHost>
"""


@dataclass(frozen=True)
class WebServer:
    """A server that people have, and how it is started."""

    name: str
    file: str
    """Below hosting/; the proxy's is `proxy.` and this."""
    write: Callable[[Place], str]
    command: tuple[str, ...]
    """With `{}` for its configuration file."""

    @contextmanager
    def serving(
        self, dist: Path, authority: Authority, included: str = "", port: int = 0
    ) -> Iterator[int]:
        """Serve a copy of `dist`; gives the port on 127.0.0.1. Skips where it is not installed."""
        if not shutil.which(self.command[0]):
            pytest.skip(f"there is no {self.name} here: `make servers` installs it")
        # Each server has a user of its own, who may not look into pytest's folders.
        with TemporaryDirectory(prefix="tag-host-") as folder:
            Path(folder).chmod(0o755)
            shutil.copytree(dist, Path(folder, "dist"))
            certificate = authority.certificate_of(*NAMES)
            place = Place(Path(folder), certificate, port or free_port(), included or self.file)
            own = Path(folder, "server.conf")
            own.write_text(self.write(place), encoding="utf-8")
            with self._running(own, place):
                yield place.port

    @contextmanager
    def _running(self, own: Path, place: Place) -> Iterator[None]:
        log = (place.folder / "log").open("w+")
        command = [part.format(own) for part in self.command]
        environment = {**os.environ, "HOME": str(place.folder)}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)  # noqa: S603
        try:
            for _ in range(PATIENCE):
                if _listens(place.port):
                    break
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=0.025)
                    raise AssertionError(f"{self.name} ended:\n{_logged(place)}")
            else:
                raise AssertionError(f"{self.name} does not listen:\n{_logged(place)}")
            yield
        finally:
            process.terminate()
            process.wait()
            log.close()


SERVERS = (
    WebServer("nginx", "nginx.conf", _nginx, ("nginx", "-c", "{}")),
    WebServer(
        "Caddy", "Caddyfile", _caddy, ("caddy", "run", "--adapter", "caddyfile", "--config", "{}")
    ),
    WebServer("Apache", "apache.conf", _apache, ("apache2", "-D", "FOREGROUND", "-f", "{}")),
)


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as passing:
        passing.bind(("127.0.0.1", 0))
        port: int = passing.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _logged(place: Place) -> str:
    """What the server said, on its streams and in the log that Apache has beside them."""
    files = [place.folder / name for name in ("log", "errors")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
