"""What an installation consists of besides the bundle: pure functions from settings to the texts to copy.

The command line prints them, the doctor proposes them, and the install wizard (`web/install`) shows them in a browser,
on Pyodide.
"""
