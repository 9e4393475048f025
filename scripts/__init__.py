"""What `make` runs. Standard library only: it must work before anything is installed.

This file runs before every other one here, so an old Python gets its sentence, not a syntax error.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - exactly the interpreters that this file exists for
    sys.exit(
        "datarett: Python 3.11 or newer is needed, {} is {}.{}; try: make run PYTHON=python3.11".format(
            sys.executable, *sys.version_info[:2]
        )
    )
