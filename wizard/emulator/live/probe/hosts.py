"""Whom this process may connect to: loopback, and the hosts that the operator has listed. Nobody else, by no detour."""

import socket
import sys
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from wizard.emulator.live.probe.places import Place
from wizard.emulator.live.probe.words import Unusable

NETWORK_EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
DNS_FIRST = "The host was not found: no address is known for {}."
REFUSED = (
    "The local Flow Service may not connect to the host {}: it connects to this machine alone, and to hosts that are "
    "listed in LIVE_HOSTS. Add it there and start again, or take another host."
)


def checked(place: Place, listed: Collection[str]) -> list[str]:
    """The addresses of the host, all of them allowed. Raises Unusable where one is not, or where there is none."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unusable(DNS_FIRST.format(place.host)) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    names = {name.casefold() for name in listed}
    is_listed = place.host.casefold() in names
    if not addresses or not (is_listed or all(_is_open(address, names) for address in addresses)):
        raise Unusable(REFUSED.format(place.host))
    return addresses


def guard(addresses: Collection[str]) -> None:
    """From now on Python connects to these alone: a name that leads elsewhere by now, a redirect, a socket file do not.

    The driver for PostgreSQL connects beside Python, and is given the addresses themselves.
    """
    allowed = {_plain(address) for address in addresses}

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in NETWORK_EVENTS:
            target = arguments[1] if len(arguments) > 1 else None
            if not (isinstance(target, tuple) and target and _plain(str(target[0])) in allowed):
                raise PermissionError("not the address that was checked")

    sys.addaudithook(watch)


def _is_open(address: str, names: Collection[str]) -> bool:
    plain = _plain(address)
    return plain is not None and (plain.is_loopback or str(plain) in names)


def _plain(address: str) -> IPv4Address | IPv6Address | None:
    """None for a text that is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
