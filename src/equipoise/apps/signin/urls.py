"""Addresses for signing in. The names are those django-allauth looks for; there are no others of its own."""

from django.urls import path

from equipoise.apps.signin import views
from equipoise.apps.signin.elsewhere import exchange
from equipoise.apps.signin.elsewhere import views as elsewhere

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/second-step/", views.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", views.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("settings/security/", views.security, name="mfa_index"),
    path("settings/security/password/", views.other_password, name="account_change_password"),
    path("settings/security/first-password/", views.first_password, name="account_set_password"),
    path("settings/security/again/", views.password_again, name="account_reauthenticate"),
    path("settings/security/again/code/", views.code_again, name="mfa_reauthenticate"),
    path("settings/security/again/passkey/", views.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("settings/security/app/", views.app_on, name="mfa_activate_totp"),
    path("settings/security/app/off/", views.app_off, name="mfa_deactivate_totp"),
    path("settings/security/codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("settings/security/codes/file/", views.recovery_codes_file, name="mfa_download_recovery_codes"),
    path("settings/security/codes/new/", views.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("settings/security/passkeys/new/", views.new_passkey, name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/", views.passkey_name, name="mfa_edit_webauthn"),
    path("settings/security/passkeys/<int:pk>/off/", views.passkey_off, name="mfa_remove_webauthn"),
    path("settings/security/sessions/", views.other_sessions, name="usersessions_list"),
    path("settings/security/sessions/<int:session_id>/end", views.end_session, name="end-session"),
    path("sign-in/openid/<str:provider_id>/", exchange.openid_begin, name="openid_connect_login"),
    path("sign-in/openid/<str:provider_id>/back/", exchange.openid_back, name="openid_connect_callback"),
    path("sign-in/saml/<str:organization_slug>/", exchange.saml_begin, name="saml_login"),
    path("sign-in/saml/<str:organization_slug>/back/", exchange.saml_back, name="saml_acs"),
    path("sign-in/saml/<str:organization_slug>/back/finish/", exchange.saml_finish, name="saml_finish_acs"),
    path("sign-in/saml/<str:organization_slug>/metadata/", exchange.saml_metadata, name="saml_metadata"),
    path("sign-in/saml/<str:organization_slug>/sign-out/", exchange.saml_sign_out, name="saml_sls"),
    path("sign-in/cancelled/", exchange.cancelled, name="socialaccount_login_cancelled"),
    path("organisation/sign-on/", elsewhere.sign_on, name="sign-on"),
    path("organisation/sign-on/lost", elsewhere.clear_steps, name="clear-steps"),
    path("organisation/sign-on/new/<str:kind>/", elsewhere.connect, name="connect-sign-on"),
    path("organisation/sign-on/<int:connection_id>/", elsewhere.change, name="change-sign-on"),
    path("organisation/sign-on/<int:connection_id>/test", elsewhere.test, name="test-sign-on"),
    path("organisation/sign-on/<int:connection_id>/disconnect", elsewhere.disconnect, name="disconnect-sign-on"),
]
