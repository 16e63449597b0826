"""Organisations from a table of `network,name,domain`; the most specific network decides."""

import csv
import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Organization(NamedTuple):
    """Who uses a network."""

    name: str
    domain: str


class Organizations:
    """Finds the organisation behind a request. The address itself is kept nowhere.

    Args:
        table: A CSV file with a line for each network, or None.
        proxies: The networks of proxies whose X-Forwarded-For counts; anybody can write that.
    """

    def __init__(self, table: Path | None = None, proxies: Iterable[str] = ()) -> None:
        """Read the table."""
        self._proxies = [ipaddress.ip_network(network) for network in proxies]
        with (table or Path("/dev/null")).open(encoding="utf-8", newline="") as lines:
            known = {
                ipaddress.ip_network(row["network"]): Organization(row["name"], row["domain"])
                for row in csv.DictReader(lines)
            }
        self._known = sorted(known.items(), key=lambda entry: -entry[0].prefixlen)
        self.of = lru_cache(maxsize=10_000)(self._look_up)

    def _look_up(self, peer: str, forwarded: str) -> Organization | None:
        """Who the visitor works for, by the connection's address and its X-Forwarded-For header."""
        hops = [*forwarded.split(","), peer]
        address = _parsed(hops.pop())
        while hops and address and any(address in network for network in self._proxies):
            address = _parsed(hops.pop())
        return next((who for network, who in self._known if address and address in network), None)


def _parsed(text: str) -> Address | None:
    """The address; None where it is none. One that a dual-stack socket wrote as IPv6 is IPv4."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
