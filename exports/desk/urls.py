"""Pages of this app for staff: tasks in the systems, the register, the decision."""

from django.urls import path

from . import register_views, task_views

app_name = "desk"
urlpatterns = [
    path("tasks/<int:task_id>/", task_views.task, name="task"),
    path("tasks/<int:task_id>/retry/", task_views.retry, name="task-retry"),
    path("tasks/<int:task_id>/reopen/", task_views.reopen, name="task-reopen"),
    path("tasks/<int:task_id>/evidence/", task_views.evidence, name="task-evidence"),
    path("register/", register_views.register, name="register"),
    path("register/fields/<str:field>/", register_views.fill, name="register-fill"),
]
