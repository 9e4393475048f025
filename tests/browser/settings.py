"""The product's settings, and one page that breaks: otherwise nobody would ever see the page that says so."""

from datetime import timedelta

from config.settings import *  # noqa: F403 - these are the product's settings

RECENT_FACTOR_AGE = timedelta(hours=8)  # the visitors log in once for a run, which takes more than a quarter of an hour
# Nothing listens there: the pages of a code by SMS are looked at, and none arrives.
SMS_URL = "http://127.0.0.1:9/"

ROOT_URLCONF = "tests.browser.urls"
