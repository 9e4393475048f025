"""Pages of this app for data subjects: the answer behind the status page."""

from django.urls import path

from . import task_link, views

app_name = "portal"
urlpatterns = [
    path("s/answer/", views.answer, name="answer"),
    path("task/", task_link.task, name="task"),
    path("task/leave/", task_link.leave, name="task-leave"),
    path("task/<str:token>", task_link.open_link, name="task-open"),
    path("s/answer/code/", views.send_code, name="send-code"),
    path("s/answer/file/<int:file_id>/", views.file, name="file"),
]
