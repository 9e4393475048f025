"""Resources of this app below /api/v1/."""

from django.urls import path

from . import suppression_views, views

urlpatterns = [
    path("inquiries", views.Inquiries.as_view(), name="inquiries"),
    path("inquiries/<int:pk>", views.InquiryDetail.as_view(), name="inquiry"),
    path("cases", views.Cases.as_view(), name="cases"),
    path("cases/<str:reference>", views.CaseDetail.as_view(), name="case"),
    path("suppressions/check", suppression_views.SuppressionCheck.as_view(), name="suppression-check"),
    path("unsubscribe-links", suppression_views.UnsubscribeLinks.as_view(), name="unsubscribe-links"),
]
