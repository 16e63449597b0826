"""Sends numbered beacons as fast as one process can: the other end of `tests.server_rate`.

The first line on stdin is the file of the authority to trust, each other one is `PORT FIRST COUNT`.
The answer on stdout is the seconds until the last beacon was answered. It is a process of its own,
so that its work is not the server's.
"""

import socket
import ssl
import sys
import time

CONNECTIONS = 8
HOST = "collector.localhost"
BODY = (
    '{{"v":1,"site":"demo","visitor":null,"rule":"default","signals":{{"dnt":null,"gpc":null,'
    '"optout":false}},"page":{{"id":"{number:022}","url":"https://publisher.localhost/a/page",'
    '"referrer":"","title":"A page","at":1795000000000}},"events":[{{"seq":{number},"type":"view",'
    '"at":1795000000000,"navigation":"navigate"}}]}}'
)
HEAD = (
    "POST /events HTTP/1.1\r\nHost: {host}\r\nOrigin: https://publisher.localhost\r\n"
    "Referer: https://publisher.localhost/\r\nAccept: */*\r\nAccept-Language: en\r\n"
    "Content-Type: text/plain;charset=UTF-8\r\nSec-Fetch-Mode: no-cors\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) beacon_gun\r\nContent-Length: {length}\r\n\r\n"
)


def request(number: int) -> bytes:
    """One beacon, as a browser would write it."""
    body = BODY.format(number=number)
    return (HEAD.format(host=HOST, length=len(body)) + body).encode()


def fire(context: ssl.SSLContext, port: int, first: int, count: int) -> float:
    """Send so many beacons on a few connections that are kept; returns the seconds it took."""
    open_ones = [_connect(context, port) for _ in range(CONNECTIONS)]
    shots = [request(number) for number in range(first, first + count)]
    start = time.perf_counter()
    for place in range(0, count, CONNECTIONS):
        flying = list(zip(open_ones, shots[place : place + CONNECTIONS], strict=False))
        for connection, shot in flying:
            connection.sendall(shot)
        for connection, _ in flying:
            _await_answer(connection)
    seconds = time.perf_counter() - start
    for connection in open_ones:
        connection.close()
    return seconds


def _connect(context: ssl.SSLContext, port: int) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", port))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(plain, server_hostname=HOST)


def _await_answer(connection: ssl.SSLSocket) -> None:
    answer = connection.recv(4096)
    while not answer.endswith(b"\r\n\r\n"):
        answer += connection.recv(4096)
    if not answer.startswith(b"HTTP/1.1 204"):
        raise ConnectionError(answer)


def main() -> None:
    """Do what each line asks for."""
    context = ssl.create_default_context(cafile=sys.stdin.readline().strip())
    for line in sys.stdin:
        port, first, count = map(int, line.split())
        sys.stdout.write(f"{fire(context, port, first, count)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
