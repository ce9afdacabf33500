"""Filters that write a text otherwise: for HTML and addresses, as base64, as a hash.

Facts: liquidjs, filters/html, filters/url, filters/base64 and filters/crypto.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from bridge.destination import base64text
from bridge.destination.jsvalues import UNDEFINED, WHITESPACE, Json, code_units, from_code_units, is_truthy, well_formed
from bridge.destination.liquid.context import Context
from bridge.destination.liquid.errors import failure
from bridge.destination.liquid.filters.texts import lower
from bridge.destination.liquid.values import stringify

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
_CHARACTERS: Final = {entity: char for char, entity in _ENTITIES.items()}
_ENTITY: Final = re.compile("|".join(_CHARACTERS))
_MARKUP: Final = {"<script": "</script>", "<style": "</style>", "<!--": "-->", "<": ">"}
_UNESCAPED: Final = "-_.!~*'()"
_RESERVED: Final = ";/?:@&=+$,#"
_ESCAPES: Final = re.compile("(?:%[0-9A-Fa-f]{2})+|%")
_SLUG_PUNCTUATION: Final = frozenset("._~!$&'()+,;=@")
_ACCENTS: Final = str.maketrans(
    {
        letter: plain
        for letters, plain in (
            ("àáâãäå", "a"), ("æ", "ae"), ("ç", "c"), ("èéêë", "e"), ("ìíîï", "i"), ("ð", "d"), ("ñ", "n"),
            ("òóôõöø", "o"), ("ùúûü", "u"), ("ýÿ", "y"), ("ß", "ss"), ("œ", "oe"), ("þ", "th"), ("ẞ", "SS"),
            ("Œ", "OE"), ("Þ", "TH"),
        )
        for letter in letters
    }
)  # fmt: skip


def _escape(context: Context, value: Json) -> Json:
    return "".join(_ENTITIES.get(char, char) for char in context.text(value))


def _escape_once(context: Context, value: Json) -> Json:
    return _escape(context, _ENTITY.sub(lambda match: _CHARACTERS[match[0]], context.text(value)))


def _strip_html(context: Context, value: Json) -> Json:
    """Leave out scripts, styles, comments and tags; what is not closed is taken for the next of these, or stays."""
    text = context.text(value)
    markup = dict(_MARKUP)
    kept = ""
    place = 0
    while (opening := text.find("<", place)) >= 0:
        kept += text[place:opening]
        place = opening
        for begin, end in list(markup.items()):
            if not text.startswith(begin, opening):
                continue
            closing = text.find(end, opening + len(begin))
            if closing >= 0:
                place = closing + len(end)
                break
            del markup[begin]  # nor will it be closed further on
        if place == opening:
            break
    return kept + text[place:]


def _encode(value: Json, safe: str) -> str:
    try:
        return quote(from_code_units(stringify(value)).encode(), safe=safe)
    except UnicodeEncodeError:
        raise failure("URI malformed", "URIError") from None


def _url_decode(_context: Context, value: Json) -> Json:
    def decode(match: re.Match[str]) -> str:
        if match[0] == "%":
            raise failure("URI malformed", "URIError")
        try:
            return code_units(unquote_to_bytes(match[0]).decode())
        except UnicodeDecodeError:
            raise failure("URI malformed", "URIError") from None

    return _ESCAPES.sub(decode, stringify(value)).replace("+", " ")


def _url_encode(_context: Context, value: Json) -> Json:
    return _encode(value, _UNESCAPED).replace("%20", "+")


def _cgi_escape(_context: Context, value: Json) -> Json:
    return _encode(value, "-_.~").replace("%20", "+")


def _uri_escape(_context: Context, value: Json) -> Json:
    return _encode(value, f"{_UNESCAPED}{_RESERVED}[]")


def _slugify(_context: Context, value: Json, mode: Json = UNDEFINED, cased: Json = UNDEFINED) -> Json:
    mode = "default" if mode is UNDEFINED else mode
    text = from_code_units(stringify(value))
    keeps = _SLUG_KEEPS.get(mode) if isinstance(mode, str) else None
    if keeps is not None:
        if mode == "latin":
            text = text.translate(_ACCENTS)
        slug = "".join("".join(run) if kept else "-" for kept, run in groupby(text, keeps))
        text = slug.removeprefix("-").removesuffix("-")
    text = code_units(text)
    return text if is_truthy(cased) else lower(text)


def _is_letter(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"


_SLUG_KEEPS: Final[Mapping[str, Callable[[str], bool]]] = {
    "ascii": lambda char: char.isascii() and char.isalnum(),
    "default": _is_letter,
    "latin": _is_letter,
    "pretty": lambda char: _is_letter(char) or char in _SLUG_PUNCTUATION,
    "raw": lambda char: re.fullmatch(f"[{WHITESPACE}]", char) is None,
}


def _utf8(context: Context, value: Json) -> bytes:
    return well_formed(context.text(value)).encode()


def _hmac(context: Context, value: Json, key: Json = UNDEFINED) -> Json:
    text = _utf8(context, value)
    return hmac.new(_utf8(context, key), text, hashlib.sha256).hexdigest()


FILTERS: Final[Mapping[str, Callable[..., Json]]] = {
    "base64_decode": lambda context, value: code_units(base64text.decode(context.text(value)).decode(errors="replace")),
    "base64_encode": lambda context, value: base64text.encode(_utf8(context, value)),
    "cgi_escape": _cgi_escape,
    "escape": _escape,
    "escape_once": _escape_once,
    "hmac_sha256": _hmac,
    "sha256": lambda context, value: hashlib.sha256(_utf8(context, value)).hexdigest(),
    "slugify": _slugify,
    "strip_html": _strip_html,
    "uri_escape": _uri_escape,
    "url_decode": _url_decode,
    "url_encode": _url_encode,
    "xml_escape": _escape,
}
