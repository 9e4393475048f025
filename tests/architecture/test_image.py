"""What `compose.yaml` copies into an image."""

from tests.architecture.test_direction import ROOT


def test_an_image_holds_no_secrets_and_nothing_of_this_machine() -> None:
    assert "COPY . " in (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert {".env", "var", ".venv", ".git"} <= set((ROOT / ".dockerignore").read_text(encoding="utf-8").split())
