"""What a Content-Security-Policy has to allow for the bridge."""

from urllib.parse import urlsplit

from bridge.models.settings import Settings
from bridge.shared.vocabulary import origin

WASM = "'wasm-unsafe-eval'"  # both engines are WebAssembly


def sources(bundle: str, *others: str) -> dict[str, list[str]]:
    """Return the sources that are needed, by directive.

    Args:
        bundle: The address of ``bridge.js``, or of its folder.
        others: Further addresses that are fetched; one without an origin is the page's own.
    """
    fetched = [host for one in (bundle, *others) if (host := origin_of(one))]
    return {"script-src": [origin_of(bundle), WASM], "connect-src": list(dict.fromkeys(fetched))}


def policy(settings: Settings, bundle: str, config: str | None = None) -> str:
    """Return the line to send, for a page that allows itself alone so far; ``config`` as the tag's ``data-config``."""
    others = [config] if config else []
    if settings.custom_data and settings.remote.data_host:
        others.append(origin(settings.remote.data_host))
    needed = {directive: ["'self'", *hosts] for directive, hosts in sources(bundle, *others).items()}
    said = "; ".join(" ".join([directive, *hosts]) for directive, hosts in needed.items())
    return f"Content-Security-Policy: {said}"


def origin_of(address: str) -> str:
    """Return the origin of an address, empty for one that has none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
