"""What pages and all else share: Python for CPython, MicroPython and Pyodide that imports nothing else of ours."""
