"""The shop: its buttons call analytics.js as any shop's would. It works without the bar, the tour and the wire."""

from pyscript import document, when, window

from web.demo.page import read_cookie, say, to_javascript, write_cookie

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CART = "demo-cart"  # cookie


def cart_count() -> int:
    """Return how much is in the cart."""
    count = read_cookie(_CART)
    return int(count) if count.isdigit() else 0


@when("click", ".products button")
def add_to_cart(event: "Any") -> None:
    """Tell Segment of the product, and count it."""
    product = event.target.closest("li").dataset
    properties = {"product_id": product.id, "name": product.name, "price": int(product.price), "currency": "EUR"}
    window.analytics.track("Add to cart", to_javascript(properties))
    count = cart_count() + 1
    write_cookie(_CART, str(count))
    say("cart-count", str(count))


say("cart-count", str(cart_count()))
for button in document.querySelectorAll(".products button"):
    button.disabled = False
