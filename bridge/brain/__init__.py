"""The brain: page code, run by PyScript in the customer's page.

Every decision is made here: whom to link, what to send, what consent allows. ``seam`` is the only module that knows
the browser; the rest is plain Python that CPython, MicroPython and Pyodide all run. So: no third-party import, no
``typing``, ``dataclasses``, ``enum`` or ``match`` (MicroPython has none of them), JSON text only across the seam.
"""
