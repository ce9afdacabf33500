"""Checks the hosting of a bundle alone, by plain HTTP: what a page on another origin needs to load it well.

Base address: the folder of ``bridge.js``, with ``manifest.json`` beside it. Files are fetched one after the other.
"""

import base64
import gzip
import hashlib
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin

import brotli
from pydantic import ValidationError

from bridge.bundle.manifest import Manifest
from bridge.doctor.checks.verdict import verdict
from bridge.doctor.looking import CannotLookError
from bridge.doctor.report import Check, Evidence, Report, report

_FINE = 200
_ORIGIN = "https://shop.example"  # a page's, somewhere else
_TIMEOUT_S = 20
_TYPES = {
    ".js": ("text/javascript", "application/javascript"),
    ".mjs": ("text/javascript", "application/javascript"),
    ".wasm": ("application/wasm",),
    ".json": ("application/json",),
}
_COMPRESSED = 1400  # bytes: what fits into one packet gains nothing
_LONG_S = 30 * 24 * 3600  # that a hashed file is kept, at least
_SHORT_S = 24 * 3600  # that bridge.js is kept, at most
_EAR = "bridge.js"


@dataclass(frozen=True)
class Answer:
    """What a host answered for one file of the bundle."""

    name: str
    status: int
    headers: dict[str, str]  #: names in lower case
    body: bytes  #: as it is after decompression
    problem: str = ""  #: why it could not be read


def examine_host(url: str) -> Report:
    """Return the checks of a bundle's host: ``files cors types compression caching integrity``.

    Raises:
        CannotLookError: There is no bundle at that address, or nothing answers there.
    """
    base = (
        url
        if url.endswith("/")
        else url + "/"
        if not url.rpartition("/")[2].endswith((".js", ".json"))
        else urljoin(url, ".")
    )
    found = fetched(base, "manifest.json")
    if found.status != _FINE:
        raise CannotLookError(
            f"{found.problem or f'{base}manifest.json answered {found.status}'}; "
            "give the address of the folder in which bridge.js and manifest.json lie"
        )
    try:
        manifest = Manifest.model_validate_json(found.body)
    except ValidationError as error:
        raise CannotLookError(
            f"{base}manifest.json is not a bundle's; host the whole build, as it was written"
        ) from error
    # The strict engine's files are as big as all else is small: those that a page of the usual one loads will do, and
    # of the others the first of each kind.
    answers = [fetched(base, name) for name in _wanted(manifest)]
    return report(url, base, {"bridge": manifest.version}, judged(manifest, answers))


def _wanted(manifest: Manifest) -> list[str]:
    loads = manifest.loads.get("micropython") or next(iter(manifest.loads.values()))
    return list(dict.fromkeys([_EAR, *loads]))


def fetched(base: str, name: str) -> Answer:
    """Fetch a file as a page on another origin would."""
    address = urljoin(base, name)
    headers = {"Origin": _ORIGIN, "Accept-Encoding": "br, gzip", "User-Agent": "Mozilla/5.0 (kameleoon-segment doctor)"}
    try:
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - its scheme was checked
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            found = {key.lower(): value for key, value in answer.headers.items()}
            body, problem = _decoded(answer.read(), found.get("content-encoding", ""))
            return Answer(name, answer.status, found, body, problem)
    except urllib.error.HTTPError as error:
        error.close()
        return Answer(name, error.code, {}, b"", f"{address} answered {error.code}")
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        return Answer(name, 0, {}, b"", f"{address} does not answer: {reason}")


def _decoded(body: bytes, encoding: str) -> tuple[bytes, str]:
    try:
        if encoding == "br":
            return brotli.decompress(body), ""
        if encoding == "gzip":
            return gzip.decompress(body), ""
        if encoding == "deflate":
            return zlib.decompress(body), ""
    except (OSError, EOFError, zlib.error, brotli.error):
        return body, f"Content-Encoding says {encoding}, and the body is something else"
    return body, ""


def judged(manifest: Manifest, answers: list[Answer]) -> list[Check]:
    """Return the checks of what a host answered."""
    there = [one for one in answers if one.status == _FINE and not one.problem]
    return [
        _files(answers),
        _cors(there),
        _types(there),
        _compression(there),
        _caching(there),
        _integrity(manifest, there),
    ]


def _seen(answers: list[Answer], header: str) -> list[Evidence]:
    return [Evidence(kind="header", where=one.name, value=one.headers.get(header)) for one in answers]


def _files(answers: list[Answer]) -> Check:
    lost = [one for one in answers if one.problem or one.status != _FINE]
    if lost:
        seen = [Evidence(kind="request", where=one.name, value=one.problem or one.status) for one in lost]
        fix = "Upload the whole build, folders too, as it was written; a host that names files in lower case breaks it"
        return verdict("files", "fail", f"{len(lost)} of {len(answers)} files do not arrive: {lost[0].name}", seen, fix)
    return verdict("files", "pass", f"All {len(answers)} files that a page loads arrive")


def _cors(answers: list[Answer]) -> Check:
    header = "access-control-allow-origin"
    closed = [one for one in answers if one.headers.get(header) not in ("*", _ORIGIN)]
    if closed:
        fix = "Send it with each file; all that is in a bundle is public"
        what = f"Pages of other origins may not load {closed[0].name}"
        return verdict("cors", "fail", what, _seen(closed, header), fix, "Access-Control-Allow-Origin: *")
    return verdict("cors", "pass", "Pages of any origin may load the files")


def _types(answers: list[Answer]) -> Check:
    def accepted(one: Answer) -> tuple[str, ...]:
        return next((types for end, types in _TYPES.items() if one.name.endswith(end)), ())

    wrong = [
        one
        for one in answers
        if accepted(one) and one.headers.get("content-type", "").partition(";")[0].strip().lower() not in accepted(one)
    ]
    if not wrong:
        return verdict("types", "pass", "Scripts, modules and WebAssembly have their types")
    # A browser refuses a module of another type; a script too, where nosniff is sent; WebAssembly compiles more slowly.
    broken = [one for one in wrong if not one.name.endswith((".wasm", ".json"))]
    paste = "\n".join(sorted({f"{one.name[one.name.rindex('.') :]}  {accepted(one)[0]}" for one in wrong}))
    what = f"{wrong[0].name} comes as {wrong[0].headers.get('content-type', 'nothing')}"
    fix = "Have the host send these types"
    return verdict("types", "fail" if broken else "warn", what, _seen(wrong, "content-type"), fix, paste)


def _compression(answers: list[Answer]) -> Check:
    plain = [
        one
        for one in answers
        if len(one.body) > _COMPRESSED and one.headers.get("content-encoding") not in ("br", "gzip")
    ]
    if plain:
        what = f"{len(plain)} files are not compressed, {sum(len(one.body) for one in plain):,} bytes"
        fix = "Serve the .br or .gz that lies beside each file, or let the host compress it"
        return verdict("compression", "warn", what, _seen(plain, "content-encoding"), fix)
    return verdict("compression", "pass", "The files are compressed")


def _age(one: Answer) -> int:
    """Return for how many seconds a cache may keep it, 0 where nothing is said."""
    for word in one.headers.get("cache-control", "").lower().replace(" ", "").split(","):
        name, _, value = word.partition("=")
        if name == "max-age" and value.isdigit():
            return int(value)
        if name in ("no-store", "no-cache"):
            return 0
    return 0


def _caching(answers: list[Answer]) -> Check:
    hashed = [one for one in answers if one.name != _EAR and _age(one) < _LONG_S]
    long = [one for one in answers if one.name == _EAR and _age(one) > _SHORT_S]
    if not hashed and not long:
        return verdict("caching", "pass", "bridge.js is kept briefly, the rest for long")
    what = "bridge.js is kept for longer than a day" if long else f"{len(hashed)} hashed files are not kept for long"
    fix = "bridge.js for minutes, all else for ever: its path changes with its content"
    paste = (
        "bridge.js: Cache-Control: public, max-age=300\nall else:  Cache-Control: public, max-age=31536000, immutable"
    )
    return verdict("caching", "warn", what, _seen(long + hashed, "cache-control"), fix, paste)


def _integrity(manifest: Manifest, answers: list[Answer]) -> Check:
    other = []
    for one in answers:
        known = manifest.files.get(one.name)
        found = "sha384-" + base64.b64encode(hashlib.sha384(one.body).digest()).decode()
        if known and known.integrity != found:
            other.append(Evidence(kind="integrity", where=one.name, value=found))
    if other:
        fix = "Upload the whole build again; nothing on the way may change it (minifiers, e-mail obfuscation)"
        return verdict("integrity", "fail", f"{other[0].where} is not the file that was built", other, fix)
    return verdict("integrity", "pass", "The files are those that were built")
