"""A server of the page with a microphone and nothing else.

`python -m tests.browser.microphone_server run app.py …` is `streamlit run` of `microphone_app.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit.web.cli import main

if __name__ == "__main__":
    app = Path(__file__).with_name("microphone_app.py")
    sys.argv = [str(app) if one == "app.py" else one for one in sys.argv]
    main(prog_name="streamlit")
