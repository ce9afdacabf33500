"""What a customer's own tests of their pages use: the fixture ``kameleoon_segment`` over pytest-playwright's ``page``.

    def test_the_calm_headline_is_reported(page, kameleoon_segment):
        kameleoon_segment.offline()
        kameleoon_segment.force_variation(101, 1002)
        page.goto("https://shop.example/")
        kameleoon_segment.wait_for_exposure(experiment_id=101, variation_id=1002)

``kit`` is what a test calls, ``answers`` what is answered in place of both clouds, ``exposure`` what an event says,
``explaining`` what a test that fails says of the open pages. The plugin
itself is ``kameleoon_segment_pytest``, a module beside this package: it has a name that nobody else uses, and imports
nothing of ``bridge`` before a test asks for the fixture.
"""
