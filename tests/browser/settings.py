"""The product's settings, and one page that breaks: otherwise nobody would ever see the page that says so."""

from datetime import timedelta

from config.settings import *  # noqa: F403 - these are the product's settings

RECENT_FACTOR_AGE = timedelta(hours=8)  # the visitors log in once for a run, which takes more than a quarter of an hour
ROOT_URLCONF = "tests.browser.urls"
