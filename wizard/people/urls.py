"""Sign-in, and people. Of allauth's pages only those that this house uses."""

from allauth.account import views as account
from django.urls import path

from wizard.people import views

urlpatterns = [
    path("first/<str:token>/", views.first_sign_in, name="first_sign_in"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),
    path("change-password/", account.password_change, name="account_change_password"),
]
