"""What a customer's own tests of their pages use: the fixture ``kameleoon_segment`` over pytest-playwright's ``page``.

The plugin itself is ``kameleoon_segment_pytest``, a module beside this package: it has a name that nobody else uses, and
imports nothing of ``bridge`` before a test asks for the fixture.
"""
