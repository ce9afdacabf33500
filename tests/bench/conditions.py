"""The machines and networks that pages are opened on: this one, and what Chrome's developer tools make of it."""

from dataclasses import dataclass

from playwright.sync_api import CDPSession


@dataclass(frozen=True)
class Network:
    """A network as Chrome plays it."""

    name: str
    down: float  # bytes a second
    up: float
    latency: float  # ms, added to each request


@dataclass(frozen=True)
class Condition:
    """A processor so many times as slow as this machine's, and a network: None is the machine's own loopback."""

    cpu: int
    network: Network | None = None

    @property
    def name(self) -> str:
        """Return what it is called on the command line and in results."""
        return f"{self.cpu}x-{self.network.name if self.network else 'loopback'}"

    def apply(self, debugger: CDPSession) -> None:
        """Let the debugger's page run so from now on."""
        debugger.send("Emulation.setCPUThrottlingRate", {"rate": self.cpu})
        if self.network:
            debugger.send("Network.enable")
            debugger.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": self.network.latency,
                    "downloadThroughput": self.network.down,
                    "uploadThroughput": self.network.up,
                },
            )


_MEGABIT = 1e6 / 8  # bytes
# "Fast 4G" of Chrome's developer tools (front_end/core/sdk/NetworkManager.ts), with their own correction factors.
FAST_4G = Network("fast4g", down=9 * _MEGABIT * 0.9, up=1.5 * _MEGABIT * 0.9, latency=60 * 2.75)
PLAIN = Condition(1)
SLOW = 4
CONDITIONS = {one.name: one for one in (PLAIN, Condition(1, FAST_4G), Condition(SLOW), Condition(SLOW, FAST_4G))}
