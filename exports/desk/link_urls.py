"""The pages behind the link of a system's owner: outside the desk, for whoever has the link has no account."""

from django.urls import path

from . import task_link

app_name = "task"
urlpatterns = [
    path("", task_link.task, name="task"),
    path("leave/", task_link.leave, name="leave"),
    path("<str:token>", task_link.open_link, name="open"),
]
