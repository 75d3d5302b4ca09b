"""The front door without a browser: what is typed behind `python -m core`."""
