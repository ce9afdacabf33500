"""How much a bundle may weigh, in bytes of Brotli (1 kB = 1000)."""

EAR = 3_650
KERNEL = 6_000
#: What is loaded besides where somebody debugs a page.
DEBUG = 30_000
#: All that a visitor loads, by engine.
LOADED = {"micropython": 230_000, "pyodide": 6_000_000}
