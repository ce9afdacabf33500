"""What the documents say to paste works in a page, as it stands there."""

import pytest

from tests.browser.shop import ONLY_MICROPYTHON, SITECODE, Shop
from tests.documents.markdown import Block, blocks_in

HOST = "https://cdn.example.com/ks"  # the documents' name for where the bundle lies


@ONLY_MICROPYTHON
@pytest.mark.parametrize("block", [one for one in blocks_in("html") if HOST in one.text], ids=str)
def test_a_tag_of_the_documents_works(shop: Shop, block: Block) -> None:
    """Each of them: the plain one, that of a tag manager, that with a configuration."""
    assert SITECODE in block.text
    shop.file("/kameleoon-segment.json", '{"exposures": {"dialect": "segment"}}')
    shop.open(shop.kameleoon(), shop.segment(), block.text.replace(HOST, shop.cloud))
    assert shop.works()["hints"] == []
