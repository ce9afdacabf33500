"""The install wizard: what it says of what is typed, and that what it gives works."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from bridge.bundle.build import ANY_SITE, build
from bridge.installing.texts import Place, doctor, texts
from bridge.models.settings import Settings
from bridge.sandbox.app import create_app
from tests.browser.axe import assert_no_serious_finding
from tests.browser.serving import serving
from tests.browser.shop import EXPERIMENT, ONLY_MICROPYTHON, SITECODE, Shop

WRONG_CODE = 'sitecode: "{}"; string should have at least 10 characters; accepted: the Kameleoon project\'s site code'
KEY = "sk_live_51HabcDEF4567890"
CONFIGURATION = {
    "sitecode": SITECODE,
    "exposures": {"dialect": "template", "only": [214500, 214501], "properties": {"team": "growth"}},
    "custom_data": [
        {"name": "Segment personas", "source": "personas"},
        {"name": "Subscribed plan", "source": "trait", "trait": "plan"},
    ],
    "consent": "manual",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bundle with the wizard beside it."""
    out = tmp_path_factory.mktemp("wizard")
    build(ANY_SITE, out, wizard=True)
    return out


@pytest.fixture(scope="module")
def origin(folder: Path) -> Iterator[str]:
    """Return the origin of a sandbox that serves it."""
    with serving(create_app(folder)) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def problems() -> list[str]:
    """Collect what a console would show in red or yellow."""
    return []


@pytest.fixture
def asked() -> list[str]:
    """Collect what the page asks anybody for: addresses, and what is sent."""
    return []


@pytest.fixture
def tab(page: Page, origin: str, problems: list[str], asked: list[str]) -> Iterator[Page]:
    """Return a page for the wizard; afterwards nothing was red, and nobody else was asked."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
    yield page
    assert problems == []
    assert [one for one in asked if not one.startswith((f"{origin}/", f"blob:{origin}/", "file:"))] == []


def is_up(page: Page) -> None:
    """Wait for Python."""
    expect(page.locator("#loading")).to_contain_text("Checked as you type, by pydantic")


@pytest.fixture
def wizard(tab: Page, origin: str) -> Page:
    """Return the wizard, with Python up."""
    tab.goto(f"{origin}/install")
    is_up(tab)
    return tab


def field(page: Page, label: str) -> Locator:
    """Return a field by its label."""
    return page.get_by_label(label, exact=True)


def problem(page: Page, label: str) -> Locator:
    """Return where a field's mistake is said: what describes the field names it."""
    described = field(page, label).get_attribute("aria-describedby") or ""
    return page.locator(f'[id="{described.split()[-1]}"]')


def shown(page: Page) -> dict[str, str]:
    """Return the texts to copy, by what they are."""
    return {
        (one.get_attribute("id") or "").removeprefix("text-"): one.inner_text()
        for one in page.locator("#texts code").all()
    }


def copied(page: Page, name: str) -> str:
    """Press a button that copies, and return what is copied then."""
    page.get_by_role("button", name=f"Copy {name}", exact=True).click()
    expect(page.locator("#copied")).to_have_text(f"{name}: copied")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def drop(page: Page, content: str, name: str = "bridge.toml") -> None:
    """Drop a file onto the page."""
    page.evaluate(
        """([content, name]) => {
          const dataTransfer = new DataTransfer()
          dataTransfer.items.add(new File([content], name))
          for (const type of ["dragover", "drop"])
            document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
        }""",
        [content, name],
    )


def wanted(settings: Settings, place: Place | None = None) -> dict[str, str]:
    """Return what is to be shown."""
    return {one.id: one.text.rstrip("\n") for one in texts(settings, place or Place())}


def test_it_checks_while_one_types(wizard: Page) -> None:
    """What is wrong is said beside the field, in the models' words; as long as there is any, nothing is given."""
    expect(problem(wizard, "Site code")).to_be_empty()  # nobody has typed yet
    field(wizard, "Site code").press_sequentially("abcde")
    expect(problem(wizard, "Site code")).to_contain_text(WRONG_CODE.format("abcde"))
    expect(field(wizard, "Site code")).to_have_attribute("aria-invalid", "true")
    expect(wizard.locator("#count")).to_have_text("One thing is to be mended first:")
    field(wizard, "Only these campaigns").fill("1, 2")
    field(wizard, "All but these campaigns").fill("2 3")
    expect(problem(wizard, "All but these campaigns")).to_contain_text(
        "2 stands in only[1], too; accepted: each in one"
    )
    field(wizard, "Seconds that data stays fresh").fill("a while")
    expect(problem(wizard, "Seconds that data stays fresh")).to_contain_text(
        '"a while"; input should be a valid integer'
    )
    field(wizard, "Further properties, as JSON").fill('{"team": ')
    expect(problem(wizard, "Further properties, as JSON")).to_contain_text("accepted: a table of properties")
    field(wizard, "Segment's instance").fill("shop analytics")
    expect(problem(wizard, "Segment's instance")).to_contain_text("names joined by dots")
    field(wizard, "Address of the bundle").fill("cdn.shop.example")
    expect(problem(wizard, "Address of the bundle")).to_contain_text("accepted: the address of the bundle's folder")
    expect(wizard.locator("#problems li")).to_have_count(5)
    assert shown(wizard) == {}

    wizard.locator("#problems a").first.click()
    expect(field(wizard, "Site code")).to_be_focused()
    wizard.keyboard.press("End")
    wizard.keyboard.type("12345")
    expect(problem(wizard, "Site code")).to_be_empty()
    expect(wizard.locator("#problems li")).to_have_count(4)


def test_all_that_is_needed_is_given(wizard: Page) -> None:
    """By mouse: each text is what the functions say, and its button copies it."""
    field(wizard, "Site code").fill(SITECODE)
    wizard.get_by_label("Names of its properties").select_option("kameleoon")
    wizard.get_by_role("switch", name="Report personalizations too").click()
    add = wizard.get_by_role("button", name="Add custom data")
    add.click()
    wizard.get_by_label("Name", exact=True).fill("Segment personas")
    add.click()
    row = wizard.locator(".row").nth(1)
    expect(row.get_by_label("Trait")).to_be_hidden()
    row.get_by_label("Name").fill("Plan")
    row.get_by_label("Source", exact=True).select_option("trait")
    row.get_by_label("Trait").fill("plan")
    add.click()
    wizard.locator(".row").nth(2).get_by_role("button", name="Remove").click()
    expect(wizard.locator(".row")).to_have_count(2)
    field(wizard, "Address of the bundle").fill("https://static.shop.example/a/b")

    settings = Settings.model_validate(
        {
            "sitecode": SITECODE,
            "exposures": {"dialect": "kameleoon", "personalizations": False},
            "custom_data": [
                {"name": "Segment personas", "source": "personas"},
                {"name": "Plan", "source": "trait", "trait": "plan"},
            ],
        }
    )
    expected = wanted(settings, Place(address="https://static.shop.example/a/b"))
    expect(wizard.locator("#text-tag")).to_contain_text("static.shop.example")
    expect(wizard.locator("#text-doctor")).to_have_text(doctor(Place(address="https://static.shop.example/a/b")))
    assert shown(wizard) == expected
    for id_, title in {
        "tag": "The tag",
        "toml": "The configuration",
        "build": "The build",
        "acquisition-0": 'Custom data "Segment personas"',
        "targeting-0": 'Custom data "Segment personas": targeting',
        "policy": "Content-Security-Policy",
    }.items():
        assert copied(wizard, title) == expected[id_]
        expect(wizard.locator(f'button[value="{id_}"]').first).to_contain_text("Copied")
    with wizard.expect_download() as download:
        wizard.get_by_role("button", name="Download The configuration").click()
    assert download.value.suggested_filename == "bridge.toml"
    assert Settings.load(renamed(download.value.path(), "bridge.toml")) == settings


def renamed(path: Path, name: str) -> Path:
    """Give a downloaded file its name."""
    return path.rename(path.with_name(name))


def test_a_ready_made_bundle_is_told_by_the_tag(wizard: Page) -> None:
    """The tag says engine and configuration; nothing is built."""
    field(wizard, "Site code").fill(SITECODE)
    wizard.get_by_label("The bundle is").select_option("ready-made")
    wizard.get_by_label("Engine").select_option("pyodide")
    field(wizard, "Consent").select_option("none")
    field(wizard, "Address of the configuration").fill("/ks/settings.json")
    expect(wizard.locator("#text-tag")).to_have_text(
        f'<script async src="https://cdn.example.com/ks/bridge.js" data-sitecode="{SITECODE}" data-engine="pyodide" '
        'data-config="/ks/settings.json"></script>'
    )
    assert set(shown(wizard)) == {"tag", "json", "policy"}


def test_by_keyboard_alone(wizard: Page) -> None:
    """From the first field to a copied text, and what has the focus is seen."""
    wizard.keyboard.press("Tab")
    for _ in range(40):
        if wizard.evaluate("document.activeElement.name") == "sitecode":
            break
        wizard.keyboard.press("Tab")
    wizard.keyboard.type(SITECODE)
    assert wizard.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for _ in range(40):
        if wizard.evaluate("document.activeElement.dataset.add") == "custom_data":
            break
        wizard.keyboard.press("Tab")
    wizard.keyboard.press("Enter")
    wizard.keyboard.type("Group id")  # the new row's name has the focus
    wizard.keyboard.press("Tab")
    wizard.keyboard.type("g")
    expect(wizard.locator("#text-acquisition-0")).to_contain_text('customData("Group id")')
    wizard.keyboard.press("Tab")
    expect(wizard.get_by_role("button", name="Remove Custom data 1")).to_be_focused()
    for _ in range(60):
        if wizard.evaluate("document.activeElement.value") == "tag":
            break
        wizard.keyboard.press("Tab")
    wizard.keyboard.press("Space")
    expect(wizard.locator("#copied")).to_have_text("The tag: copied")
    assert SITECODE in wizard.evaluate("navigator.clipboard.readText()")


def test_a_row_that_goes_leaves_the_focus_near(wizard: Page) -> None:
    """On the next row's button, else on that which adds one; and its mistake goes with it."""
    add = wizard.get_by_role("button", name="Add custom data")
    add.click()
    add.click()
    wizard.get_by_role("button", name="Remove Custom data 1").press("Enter")
    expect(wizard.get_by_role("button", name="Remove Custom data 2")).to_be_focused()
    wizard.keyboard.press("Enter")
    expect(add).to_be_focused()
    field(wizard, "Site code").fill(SITECODE)
    expect(wizard.locator("#text-tag")).to_be_visible()


def test_a_dropped_configuration_stands_in_the_form(wizard: Page) -> None:
    """All of it, read once: a form that is filled row by row is checked at its end."""
    wizard.evaluate("addEventListener('input', () => (window.inputs = (window.inputs ?? 0) + 1))")
    drop(wizard, json.dumps(CONFIGURATION), "bridge.json")
    expect(wizard.locator("#read")).to_have_text("Read: it stands in the form now.")
    expect(wizard.locator(".row")).to_have_count(2)
    expect(field(wizard, "Only these campaigns")).to_have_value("214500, 214501")
    expect(field(wizard, "Consent")).to_have_value("manual")
    assert shown(wizard) == wanted(Settings.model_validate(CONFIGURATION))
    assert wizard.evaluate("window.inputs") == 1
    expect(field(wizard, "Trait")).to_have_count(2)
    expect(field(wizard, "Trait").first).to_be_hidden()
    expect(field(wizard, "Trait").last).to_have_value("plan")

    drop(wizard, f'sitecode = "{SITECODE}"')  # in place of the first one
    expect(wizard.locator(".row")).to_have_count(0)
    assert shown(wizard) == wanted(Settings(sitecode=SITECODE))


def test_of_a_wrong_configuration_it_keeps_what_it_can(wizard: Page) -> None:
    """What has a field is said there; the rest where it was read, by place; secrets are gone."""
    text = f"""
        sitecode = "ABC"
        identifer = false
        api_key = "{KEY}"
        enrich = "no"
        [exposures]
        event = "Seen"
        properties = {{ token = "{KEY}", team = "growth" }}
        [[custom_data]]
        name = "Plan"
        source = "trait"
    """
    drop(wizard, text)
    said = wizard.locator("#read li")
    expect(said).to_have_count(4)
    expect(said.nth(0)).to_have_text("api_key: a secret does not belong into a page; take it out")
    expect(wizard.locator("#read")).to_contain_text("exposures.properties.token: a secret does not belong into a page")
    expect(wizard.locator("#read")).to_contain_text('enrich: "no"; input should be a valid boolean')
    expect(wizard.locator("#read")).to_contain_text("identifer: false; no such field; did you mean identifier?")
    expect(field(wizard, "Name of the event")).to_have_value("Seen")
    expect(field(wizard, "Further properties, as JSON")).to_have_value('{"team": "growth"}')
    expect(problem(wizard, "Site code")).to_contain_text('sitecode: "ABC"; string should have')
    expect(wizard.locator(".row .problem").filter(has_text="custom_data[0].trait: nothing")).to_be_visible()
    assert KEY not in wizard.content()
    assert field(wizard, "Paste a configuration").input_value() == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sitecode", "the configuration: Expected '=' after a key in a key/value pair"),
        ('{"sitecode": }', "the configuration: Expecting value: line 1 column 14"),
        (f"key is {KEY}", "the configuration: a secret does not belong into a page; take it out"),
        ("writeKey: abcdef", "the configuration: a secret does not belong into a page; take it out"),
    ],
)
def test_what_is_no_configuration_changes_nothing(wizard: Page, text: str, words: str) -> None:
    """It says where the mistake is; a secret is not kept."""
    field(wizard, "Site code").fill(SITECODE)
    wizard.get_by_text("Begin with a configuration that you have").click()
    field(wizard, "Paste a configuration").fill(text)
    expect(wizard.locator("#read li")).to_contain_text(words)
    expect(field(wizard, "Site code")).to_have_value(SITECODE)
    assert field(wizard, "Paste a configuration").input_value() == ("" if "secret" in words else text)


def test_a_file_is_opened(wizard: Page, tmp_path: Path) -> None:
    """As a dropped one."""
    (tmp_path / "bridge.json").write_text(json.dumps(CONFIGURATION), "utf-8")
    wizard.get_by_text("Begin with a configuration that you have").click()
    field(wizard, "Open a file").set_input_files(tmp_path / "bridge.json")
    expect(wizard.locator("#read")).to_have_text("Read: it stands in the form now.")
    expect(field(wizard, "Site code")).to_have_value(SITECODE)


def test_a_secret_is_refused_wherever_it_is_pasted(wizard: Page) -> None:
    """It goes from the field, and what is said stays until somebody types there again."""
    field(wizard, "Site code").fill(SITECODE)
    for label in ("Name of the event", "Address of the bundle", "Host of the Data API"):
        field(wizard, label).fill(KEY)
        expect(problem(wizard, label)).to_contain_text("a secret does not belong into a page; take it out")
        expect(field(wizard, label)).to_have_value("")
    properties = field(wizard, "Further properties, as JSON")
    properties.fill('{"writeKey": "x1y2z3x1y2z3", "team": "growth"}')
    expect(problem(wizard, "Further properties, as JSON")).to_contain_text("exposures.properties.writeKey: a secret")
    expect(properties).to_have_value('{"team": "growth"}')
    for hidden in (KEY, "x1y2z3x1y2z3"):
        assert hidden not in wizard.content()
    field(wizard, "Name of the event").fill("Seen")
    expect(problem(wizard, "Name of the event")).to_be_empty()


def held_up(tab: Page, address: str) -> Callable[[], None]:
    """Open the wizard, one of its files not there yet; return what lets that in."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    tab.route("**/python-*.data", hold)
    with tab.expect_request("**/python-*.data"):
        tab.goto(address)

    def release() -> None:
        held[0].continue_()

    return release


def test_the_form_is_there_before_python(tab: Page, origin: str) -> None:
    """What is loading is said; what was typed, added or dropped meanwhile counts once Python is up."""
    release = held_up(tab, f"{origin}/install")
    expect(tab.locator("#loading")).to_have_text(re.compile(r"^Loading Python and pydantic: \d+\.\d of \d+\.\d MB$"))
    expect(tab.get_by_role("progressbar")).to_be_visible()
    field(tab, "Site code").fill("abcde")
    tab.get_by_role("button", name="Add custom data").click()
    tab.get_by_label("Name", exact=True).fill("Group id")
    tab.get_by_label("Source", exact=True).select_option("group")
    tab.get_by_label("How to set it up").select_option("apache")
    expect(tab.get_by_text("RewriteEngine On")).to_be_visible()
    expect(tab.locator("#waiting")).to_be_visible()
    release()
    is_up(tab)
    expect(problem(tab, "Site code")).to_contain_text(WRONG_CODE.format("abcde"))
    field(tab, "Site code").fill(SITECODE)
    assert (
        shown(tab)["acquisition-0"]
        == wanted(
            Settings.model_validate({"sitecode": SITECODE, "custom_data": [{"name": "Group id", "source": "group"}]})
        )["acquisition-0"]
    )


def test_what_is_dropped_before_python_is_read_then(tab: Page, origin: str) -> None:
    """Nobody has to do it again."""
    release = held_up(tab, f"{origin}/install")
    expect(tab.locator("#loading")).to_contain_text("Loading Python")
    drop(tab, json.dumps(CONFIGURATION))
    expect(field(tab, "Paste a configuration")).not_to_have_value("")
    release()
    expect(field(tab, "Site code")).to_have_value(SITECODE)


def still_helps(page: Page) -> None:
    """See that nothing unchecked is given, and that all else is."""
    expect(page.get_by_role("heading", name="Nothing is checked here: Python did not start")).to_be_visible()
    field(page, "Site code").fill(SITECODE)
    assert shown(page) == {}
    expect(page.locator("#waiting")).to_be_hidden()
    page.get_by_label("How to set it up").select_option("nginx")
    expect(page.get_by_text("gzip_static on")).to_be_visible()
    page.get_by_label("The destination is enabled").check()
    expect(page.locator("#ticked")).to_contain_text("1 of ")


def test_without_webassembly(tab: Page, origin: str) -> None:
    """It says so, and gives what needs no check."""
    tab.add_init_script("delete window.WebAssembly")
    tab.goto(f"{origin}/install")
    expect(tab.locator("#trouble")).to_contain_text("no WebAssembly")
    still_helps(tab)
    assert_no_serious_finding(tab)


#: What may become of a file, by what it is called; and what is said then.
LOST: dict[str, tuple[Callable[[Route], None], str]] = {
    "site-*.data": (lambda route: route.fulfill(status=404), r"/site-\w+\.data answered 404$"),
    "pyodide.asm.wasm": (lambda route: route.abort(), r"/pyodide\.asm\.wasm did not arrive: \w"),
    "python-*.data": (lambda route: route.fulfill(body="Log in"), r"^python-\w+\.data has 6 bytes in place of \d"),
    "engine.mjs": (lambda route: route.fulfill(status=404), r"/engine\.mjs$"),
}


@pytest.mark.parametrize("lost", LOST)
def test_without_one_of_its_files(tab: Page, origin: str, problems: list[str], lost: str) -> None:
    """As where a host serves not all of them, or the network goes away: the file is named at once."""
    becomes, words = LOST[lost]
    tab.route(f"**/{lost}", becomes)
    tab.goto(f"{origin}/install")
    expect(tab.locator("#trouble")).to_have_text(re.compile(words))
    still_helps(tab)
    problems.clear()


def test_from_a_file(tab: Page, folder: Path, problems: list[str]) -> None:
    """Browsers load nothing there: the page says so, and what to do."""
    tab.goto((folder / "install.html").as_uri())
    expect(tab.get_by_role("heading", name="This page is not running")).to_be_visible()
    expect(tab.get_by_text("python3 -m http.server")).to_be_visible()
    problems.clear()  # the browser's own words for it


def test_the_host_has_ones_own_address(wizard: Page) -> None:
    """The recipe of the chosen host alone, for the address that was typed."""
    recipe = wizard.locator("[data-recipe]:visible")
    field(wizard, "Address of the bundle").fill("https://static.shop.example/a/b/")
    expect(recipe).to_contain_text("server_name static.shop.example;")
    expect(recipe).to_contain_text("location /a/b/ {")
    wizard.get_by_label("How to set it up").select_option("s3-with-cloudfront")
    expect(recipe).to_contain_text("s3://YOUR-BUCKET/a/b/bridge.js")
    expect(recipe).to_have_count(1)
    assert copied(wizard, "S3 with CloudFront, 1") == recipe.locator("code[id]").inner_text()


def test_what_is_ticked_is_kept_for_the_tab(wizard: Page, origin: str) -> None:
    """And on paper nothing else stands."""
    wizard.get_by_label("The global custom script no longer has the identifier snippet").check()
    wizard.reload()
    expect(wizard.get_by_label("The global custom script no longer has the identifier snippet")).to_be_checked()
    expect(wizard.locator("#ticked")).to_contain_text("1 of ")
    is_up(wizard)
    wizard.emulate_media(media="print")
    expect(wizard.get_by_text("The destination is enabled")).to_be_visible()
    expect(wizard.locator("#wizard")).to_be_hidden()
    other = wizard.context.new_page()
    other.goto(f"{origin}/install")
    expect(other.locator("#ticked")).to_contain_text("0 of ")
    is_up(other)
    other.close()


def test_nothing_that_is_typed_leaves_the_page(wizard: Page, asked: list[str]) -> None:
    """Once all is loaded, no request is made at all, and the address stays."""
    address = wizard.url
    asked.clear()
    drop(wizard, json.dumps(CONFIGURATION))
    expect(wizard.locator("#text-tag")).to_be_visible()
    field(wizard, "Name of the event").fill("Typed by somebody")
    field(wizard, "Address of the bundle").fill("https://typed.example/")
    wizard.keyboard.press("Enter")
    copied(wizard, "The tag")
    with wizard.expect_download():
        wizard.get_by_role("button", name="Download The configuration").click()
    assert [one for one in asked if not one.startswith("blob:")] == []
    assert wizard.url == address
    assert wizard.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert "yped" not in wizard.evaluate("JSON.stringify(sessionStorage)")


def test_anybody_can_use_it(wizard: Page) -> None:
    """Axe finds nothing serious: with nothing typed, with mistakes, and with all that is given."""
    assert_no_serious_finding(wizard)
    drop(wizard, json.dumps({**CONFIGURATION, "sitecode": "abc", "unknown": 1}))
    expect(wizard.locator("#problems li").first).to_be_visible()
    wizard.get_by_text("Begin with a configuration that you have").click()
    assert_no_serious_finding(wizard)
    field(wizard, "Site code").fill(SITECODE)
    expect(wizard.locator("#text-tag")).to_be_visible()
    assert_no_serious_finding(wizard)


def test_no_sideways_scrolling(wizard: Page) -> None:
    """The page fits each screen, with everything that can be pressed inside."""
    drop(wizard, json.dumps({**CONFIGURATION, "custom_data": [{"name": "N" * 200, "source": "personas"}]}))
    expect(wizard.locator("#text-targeting-0")).to_be_visible()
    for width in (1920, 1280, 768, 390):
        wizard.set_viewport_size({"width": width, "height": 800})
        assert wizard.evaluate("document.documentElement.scrollWidth") <= width
        for control in wizard.locator("a:visible, button:visible, input:visible, select:visible, summary").all():
            box = control.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width


@pytest.fixture
def given(page: Page, origin: str, tmp_path: Path) -> tuple[str, Path]:
    """Return what the wizard gives: the copied tag, and a bundle that was built with the copied configuration."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{origin}/install")
    is_up(page)
    drop(page, json.dumps({key: CONFIGURATION[key] for key in ("sitecode", "custom_data")}))
    page.get_by_label("Names of its properties").select_option("template")
    field(page, "Address of the bundle").fill("https://bundle.example/ks/")
    tag, toml = copied(page, "The tag"), copied(page, "The configuration")
    (tmp_path / "bridge.toml").write_text(toml, "utf-8")
    build(Settings.load(tmp_path / "bridge.toml"), tmp_path / "dist", ["micropython"])
    return tag, tmp_path / "dist"


@ONLY_MICROPYTHON
def test_what_it_gives_works(given: tuple[str, Path], shop: Shop) -> None:
    """In a page of a shop, with both clouds: the identifier is sent, and an exposure in the chosen dialect."""
    tag, dist = given
    with serving(create_app(dist)) as port:
        bundle = f"http://127.0.0.1:{port}"
        shop.allowed.append(bundle)
        shop.open(shop.kameleoon(), shop.segment(), tag.replace("https://bundle.example/ks", bundle))
        assert shop.ready()["state"] == "on"
        (identifier,) = shop.wait_for("Kameleoon identifier")
        assert identifier["properties"]["k_visitorCode"] == shop.visitor_code()
        (exposure,) = shop.wait_for("Experiment viewed")
        assert exposure["properties"]["experimentID"] == EXPERIMENT["id"]
        assert set(shop.works()["customData"]) == {"Segment personas", "Subscribed plan"}
