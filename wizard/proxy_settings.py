"""What is set where others can reach the wizard: TLS ends at a proxy in front."""

# The proxy has to set X-Forwarded-Proto itself.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
# A browser takes such a cookie from this very host alone: no neighbour of its domain can slip in one of theirs.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-wizard_session", "__Host-wizard_csrf"
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Whether browsers come with that built in is for the owner of the domain to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
# Failed sign-ins are counted by the address that the proxy gives in X-Forwarded-For, not by the proxy's own.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
