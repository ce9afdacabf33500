"""The Kameleoon x Segment bridge: two tools that agree on who the visitor is and what they saw.

One sub-package per place where the code runs:

- ``brain``: the brain, run by PyScript in the customer's page (MicroPython's subset, no third-party import);
- ``models``: the pydantic models, the one definition of every message and setting;
- ``bundle``: builds the files that a customer hosts;
- ``destination``: the Kameleoon (Actions) destination;
- ``sandbox``: both clouds on one laptop;
- ``testing``: what a customer's own tests of their pages use;
- ``doctor``: looks at a live page in a browser, and says what is wrong there;
- ``cli``: ``python -m bridge``.
"""
