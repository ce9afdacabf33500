"""The script tag: what a customer pastes into pages."""

from html import escape

EAR = "bridge.js"
#: Where nobody knows where the bundle lies.
EXAMPLE = f"https://cdn.example.com/ks/{EAR}"
EXAMPLE_SITE_CODE = "abcde12345"


def tag_text(
    site_code: str | None = None, src: str = EXAMPLE, *, engine: str | None = None, config: str | None = None
) -> str:
    """Return the tag as HTML.

    Args:
        site_code: The project's; without one, that of the examples.
        src: The address of ``bridge.js``.
        engine: The setting ``engine``, where the tag is to say it.
        config: The address of a JSON configuration, where there is one.
    """
    attributes = {
        "src": src,
        "data-sitecode": site_code or EXAMPLE_SITE_CODE,
        "data-engine": engine,
        "data-config": config,
    }
    said = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items() if value)
    return f"<script async {said}></script>"
