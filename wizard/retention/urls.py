"""The address of the page of sizes."""

from django.urls import path

from wizard.retention import views

urlpatterns = [path("storage/", views.storage, name="storage")]
