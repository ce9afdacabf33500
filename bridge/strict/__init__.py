"""The strict engine: what runs on Pyodide only, beside the same brain. It observes and reports; it decides nothing."""
