"""Nothing the app runs may report home: a whole live session, watched from outside by strace."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import signal
import sys

import pytest

from tests.browser.visitor import open_live, settled, start, stop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# connect() and every way to send; the address each was given, as strace writes it.
CALLS = "trace=connect,sendto,sendmsg,sendmmsg"
ADDRESS = re.compile(
    r"sin_port=htons\((\d+)\), sin_addr=inet_addr\(\"([\d.]+)\"\)"
    r"|sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, \"([0-9a-f:.]+)\""
)
# WebRTC asks the link it is on for the names browsers hide their addresses behind (RFC 8828).
MULTICAST_DNS = {"224.0.0.251", "ff02::fb"}


@pytest.fixture
def watched(cold_server, tmp_path):
    """The server again, with every connection it makes written down."""
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        if os.environ.get("MIEN_REQUIRE_ALL"):
            pytest.fail("no strace: apt-get install strace")
        pytest.skip("no strace on this machine: apt-get install strace")
    server = cold_server
    server.stop()
    log = tmp_path / "calls"
    # By its filter in the kernel the server is held at these calls only, and runs freely otherwise.
    server.prefix = ("strace", "-f", "--seccomp-bpf", "-qq", "-s", "0", "-e", CALLS, "-o", str(log))
    server.start()
    return server, log


def test_a_live_session_looks_nothing_up_and_calls_nobody(watched, page):
    server, log = watched
    open_live(page, server.url)
    start(page)
    page.wait_for_timeout(5000)
    stop(page)
    page.wait_for_timeout(2000)  # what the end of a session still does
    # Not SIGTERM: strace 6.1 blocks it and ends after its last thread, which was seen to take
    # minutes. Each line it wrote is on the disk by then.
    server.stop(signal.SIGKILL)
    text = log.read_text(errors="replace")
    called = {(a or b, int(p or q)) for p, a, q, b in ADDRESS.findall(text)}
    # The camera's own stream goes to this machine's address: without it strace saw nothing.
    assert called, text[-2000:]
    assert {call for call in called if not _stays_here(call[0])} == set()


def test_the_browser_asks_for_nothing_beyond_the_machine(server, context):
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    for path in ("", "live_camera", "sessions", "responsible_use"):
        page = context.new_page()
        page.goto(f"{server.url}/{path}")
        settled(page)
    page.wait_for_timeout(3000)  # all four stay open
    strangers = [
        url for url in asked if not url.startswith((server.url, "data:", "blob:", "ws://localhost"))
    ]
    assert asked
    assert strangers == []


def _stays_here(address: str) -> bool:
    """This machine's own addresses, and multicast on its own link."""
    found = ipaddress.ip_address(address)
    return found.is_loopback or found.is_unspecified or address in MULTICAST_DNS | _own()


def _own() -> set[str]:
    import ifaddr

    own = {
        str(ip.ip if ip.is_IPv4 else ip.ip[0]) for one in ifaddr.get_adapters() for ip in one.ips
    }
    return own | {f"::ffff:{address}" for address in own if "." in address}
