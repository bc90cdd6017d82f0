"""Addresses of the pages about people, their roles, and invitations."""

from django.urls import path

from wizard.access import joining, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/account/", views.account, name="person_account"),
    path("people/<int:pk>/second-steps/remove/", views.remove_factors, name="remove_factors"),
    path("people/<int:pk>/roles/<int:grant_pk>/take/", views.take_role, name="take_role"),
    path("join/<str:token>/", joining.join, name="join"),
]
