"""The product's settings, and one page that breaks: otherwise nobody would ever see the page that says so."""

from config.settings import *  # noqa: F403 - these are the product's settings

ROOT_URLCONF = "tests.browser.urls"
