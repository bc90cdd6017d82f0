"""Browsers that ask for one page again and again, each on a connection that it keeps."""

import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit


def answers(url: str, path: str, cookies: str, clients: int, seconds: float) -> list[float]:
    """The milliseconds of each answer. Raises AssertionError for another one than 200."""
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(clients) as pool:
        found = [pool.submit(_one, url, path, cookies, until) for _ in range(clients)]
    return [took for one in found for took in one.result()]


def _one(url: str, path: str, cookies: str, until: float) -> list[float]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    found = []
    while (began := time.perf_counter()) < until:
        connection.request("GET", path, headers={"Cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        found.append((time.perf_counter() - began) * 1000)
    connection.close()
    return found
