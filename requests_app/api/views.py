"""The API of the case: hand in inquiries, read where cases stand."""

from typing import ClassVar, Protocol, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from requests_app.domain.errors import ActionRefused
from requests_app.models import Case, Inquiry
from requests_app.reasons import sentence
from requests_app.services import submissions

from .serializers import CaseOut, InquiryIn, InquiryOut


class ApiClient(Protocol):
    """What this app needs to know of the machine behind a call."""

    name: str


KEY_HEADER = "Idempotency-Key"
MAX_KEY = 200


class Inquiries(APIView):
    """Hand in a message; a person of the staff will sort it."""

    scopes: ClassVar[dict[str, str]] = {"POST": "inquiries:write"}

    @extend_schema(
        request=InquiryIn,
        responses={201: InquiryOut, 200: InquiryOut, 400: OpenApiResponse(), 409: OpenApiResponse()},
        parameters=[OpenApiParameter(KEY_HEADER, str, OpenApiParameter.HEADER, required=True)],
    )
    def post(self, request: Request) -> Response:
        """Record the message under its key: 201 when it is new, 200 when the key was seen, 409 on other content."""
        key = request.headers.get(KEY_HEADER, "").strip()
        if not key or len(key) > MAX_KEY or not key.isprintable():
            detail = f"{KEY_HEADER} must hold 1 to {MAX_KEY} printable characters."
            return Response({"detail": detail}, status=status.HTTP_400_BAD_REQUEST)
        content = InquiryIn(data=request.data)
        content.is_valid(raise_exception=True)
        try:
            client: ApiClient = cast(ApiClient, request.user)
            result = submissions.submit(client.name, key, dict(content.validated_data))
        except ActionRefused as refusal:
            return Response({"detail": sentence(refusal.reason)}, status=status.HTTP_409_CONFLICT)
        code = status.HTTP_201_CREATED if result.new else status.HTTP_200_OK
        return Response(InquiryOut(result.inquiry).data, status=code)


class InquiryDetail(RetrieveAPIView[Inquiry]):
    """Where one inquiry stands."""

    scopes: ClassVar[dict[str, str]] = {"GET": "inquiries:read"}
    serializer_class = InquiryOut
    queryset = Inquiry.objects.light().select_related("case")


class Cases(ListAPIView[Case]):
    """All cases that are not shielded, the newest first."""

    scopes: ClassVar[dict[str, str]] = {"GET": "cases:read"}
    serializer_class = CaseOut

    def get_queryset(self) -> QuerySet[Case]:
        """Cases with their requests in two queries."""
        return Case.objects.unshielded().prefetch_related("dsrs")


class CaseDetail(RetrieveAPIView[Case]):
    """One case by its reference; a shielded one is as if there were none."""

    scopes: ClassVar[dict[str, str]] = {"GET": "cases:read"}
    serializer_class = CaseOut
    lookup_field = "reference"
    queryset = Case.objects.unshielded().prefetch_related("dsrs")
