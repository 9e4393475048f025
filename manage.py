#!/usr/bin/env python3
"""Command line of Datarett."""

import os
import sys

if __name__ == "__main__":
    os.umask(0o077)  # whatever a command writes is its owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
