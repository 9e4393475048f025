"""The API of senders: whom not to write to, and the link by which a reader says no."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.domain.errors import ActionRefused
from requests_app.reasons import sentence
from requests_app.services import suppression_list, unsubscribe

MOST_ADDRESSES = 10_000


class AddressesIn(serializers.Serializer[dict[str, Any]]):
    """E-mail addresses and phone numbers; in the body, so that no log of addresses comes of it."""

    addresses = serializers.ListField(
        child=serializers.CharField(max_length=320, allow_blank=True), max_length=MOST_ADDRESSES
    )


class BlockedOut(serializers.Serializer[dict[str, Any]]):
    """Whether each gets no marketing, in the order of the question."""

    blocked = serializers.ListField(child=serializers.BooleanField())


class LinkIn(serializers.Serializer[dict[str, Any]]):
    """The reader of a mailing, and its language."""

    email = serializers.EmailField(max_length=320)
    language = serializers.ChoiceField(choices=["nb", "en"], default="nb")


class LinkOut(serializers.Serializer[dict[str, Any]]):
    """The address for the text of the mail and for its List-Unsubscribe header (RFC 8058)."""

    url = serializers.URLField()


class SuppressionCheck(APIView):
    """Ask before each sending and each import, also of a campaign that was prepared earlier."""

    scopes: ClassVar[dict[str, str]] = {"POST": "suppressions:check"}

    @extend_schema(request=AddressesIn, responses={200: BlockedOut, 400: OpenApiResponse()})
    def post(self, request: Request) -> Response:
        """Return true for each address that is blocked; nothing of the question is kept."""
        given = AddressesIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response({"blocked": suppression_list.are_blocked(given.validated_data["addresses"])})


class UnsubscribeLinks(APIView):
    """Make the link of one reader of a mailing."""

    scopes: ClassVar[dict[str, str]] = {"POST": "unsubscribe-links:write"}

    @extend_schema(request=LinkIn, responses={201: LinkOut, 400: OpenApiResponse()})
    def post(self, request: Request) -> Response:
        """Return the link. Nothing is kept: the address is in it, encrypted."""
        given = LinkIn(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            url = unsubscribe.link(given.validated_data["email"], given.validated_data["language"])
        except ActionRefused as refusal:
            return Response({"detail": sentence(refusal.reason)}, status=status.HTTP_400_BAD_REQUEST)
        return Response({"url": url}, status=status.HTTP_201_CREATED)
