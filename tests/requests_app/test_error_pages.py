"""The pages that must stand when nothing else does, and the rules every template keeps."""

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import translation

from config.wsgi import application
from tests import factories

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ERROR_PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
# What a strict Content-Security-Policy would block, or what would reach another origin.
FORBIDDEN = re.compile(
    r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)|<(?:script|link|img)[^>]*(?:src|href)=["']https?:""",
    re.IGNORECASE,
)
PAGES = sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html") if "pdf" not in path.parts)


@pytest.mark.parametrize("name", ERROR_PAGES)
@pytest.mark.parametrize("language", ["nb", "en"])
def test_error_page_needs_no_context(name: str, language: str) -> None:
    with translation.override(language):
        page = get_template(name).render()
    assert f'<html lang="{language}"' in page
    assert len(re.findall(r"<h1\b", page)) == 1
    assert re.search(r"<title>\s*\S.* – Datarett</title>", page)
    assert 'content="noindex, nofollow"' in page


@pytest.mark.parametrize("layout", ["portal", "desk", "plain"])
def test_layout_stands_before_the_organisation_is_loaded(layout: str) -> None:
    page = get_template(f"layouts/{layout}.html").render({"organisation": None})
    assert 'id="main"' in page
    assert "None" not in page


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_template_keeps_the_content_security_policy(path: Path) -> None:
    assert FORBIDDEN.findall((TEMPLATES / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<style>",
        '<p style="a">',
        '<a onclick="a()">',
        "<script>a()</script>",
        '<img alt="" src="https://example.com/">',
    ],
)
def test_what_the_policy_would_block_is_found(markup: str) -> None:
    assert FORBIDDEN.search(markup)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/%00", "/desk/cases/%00/", "/api/v1/cases/DR%00", "/identity/%00"])
def test_a_nul_byte_in_an_address_is_no_page(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nb/", "/nothing-here/"])
def test_a_look_at_the_head_of_a_page_has_its_length_and_no_body(client: Client, path: str) -> None:
    factories.organisation()
    page = client.get(path)
    # Past the test client, which takes bodies away by itself, and without the signals that end connections.
    head = application.get_response(RequestFactory().head(path, HTTP_HOST="localhost"))
    assert isinstance(head, HttpResponse)
    assert (head.status_code, head.content) == (page.status_code, b"")
    assert int(head.headers["Content-Length"]) > 0
