"""The pydantic models: the one definition of every message and setting.

The command line, the sandbox, the tests and the strict engine use them; what page code needs of them is derived at
build time. Nothing here imports anything else of the bridge but plain page code.
"""
