"""Sends numbered beacons as fast as one process can, and says which of them were answered.

`python -m examples.collector.load PORT FIRST COUNT [CA]`. It is a process of its own, so that its
work is not the collector's. Each number that was answered is a line; the last line is `seconds S`.
It ends early, and quietly, where the collector does.
"""

import socket
import ssl
import sys
import time
from collections.abc import Iterator

CONNECTIONS = 64
HOST = "collector.localhost"
BODY = (
    '{{"v":1,"site":"load","visitor":"{visitor:021}A","rule":"default","signals":{{"dnt":null,'
    '"gpc":null,"optout":false}},"page":{{"id":"load-{number}","url":"https://publisher.localhost/'
    'page-{page}","referrer":"https://publisher.localhost/","title":"A page","at":{at}}},"events":['
    '{{"seq":0,"type":"view","at":{at},"navigation":"navigate"}},{{"seq":1,"type":"dwell",'
    '"at":{at},"visible":12034,"engaged":9120,"scroll":0.62}}]}}'
)
HEAD = (
    "POST /events HTTP/1.1\r\nHost: {host}\r\nOrigin: https://publisher.localhost\r\n"
    "Referer: https://publisher.localhost/\r\nAccept: */*\r\nAccept-Language: en\r\n"
    "Content-Type: text/plain;charset=UTF-8\r\nSec-Fetch-Mode: cors\r\n"
    "Sec-Fetch-Site: cross-site\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) load\r\n"
    "Content-Length: {length}\r\n\r\n"
)
START = 1_795_459_025_842


def request(number: int) -> bytes:
    """One beacon of a page that was seen for twelve seconds, as a browser would write it."""
    body = BODY.format(number=number, visitor=number // 5, page=number % 40, at=START + number * 10)
    return (HEAD.format(host=HOST, length=len(body)) + body).encode()


def fire(open_ones: list[socket.socket], first: int, count: int) -> Iterator[int]:
    """Send so many beacons, one on each connection at a time; gives those that were stored."""
    for place in range(first, first + count, len(open_ones)):
        numbers = range(place, min(place + len(open_ones), first + count))
        flying = list(zip(open_ones, numbers, strict=False))
        for connection, number in flying:
            connection.sendall(request(number))
        for connection, number in flying:
            answer = connection.recv(4096)
            while answer and b"\r\n\r\n" not in answer:
                answer += connection.recv(4096)
            if not answer:
                raise ConnectionError("the collector closed the connection")
            if answer.startswith(b"HTTP/1.1 204"):
                yield number


def connect(port: int, context: ssl.SSLContext | None) -> socket.socket:
    """A connection that is kept."""
    plain = socket.create_connection(("127.0.0.1", port))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(plain, server_hostname=HOST) if context else plain


def main() -> None:
    """Do what the command line asks for."""
    port, first, count = map(int, sys.argv[1:4])
    context = ssl.create_default_context(cafile=sys.argv[4]) if sys.argv[4:] else None
    open_ones = [connect(port, context) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    try:
        for number in fire(open_ones, first, count):
            sys.stdout.write(f"{number}\n")
    except OSError:
        pass  # the collector has ended: what it had answered is written down
    sys.stdout.write(f"seconds {time.perf_counter() - start}\n")


if __name__ == "__main__":
    main()
