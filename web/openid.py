"""Signing in with the office account, at its OpenID Connect provider: authorization code flow with PKCE.

The provider says who somebody is; whether they have an account here, and what they may do, is Alur's own. Nothing of
this is imported, and the provider is not asked, before somebody signs in so.

What must come back with the answer (state, nonce, the PKCE verifier) waits in the signed cookie of the page's forms,
which no script reads, for ten minutes and for one answer.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, OAuth
from flask import Blueprint, Flask, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from engine import credentials
from engine.errors import NoAccount, ProviderRefused, ProviderUnavailable
from engine.settings import Settings
from web.auth import open_session, public
from web.context import explain, site
from web.errors import status_of
from web.pages.keeping import fetched, waiting
from web.pages.onward import ours

MINUTES = 10
PATIENCE = 10  # seconds, for each answer of the provider
# Asymmetric ones: the provider's published keys must prove what it says, whatever else it would accept.
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
ONWARD = "onward"

blueprint = Blueprint("openid", __name__)


class Awaited(FlaskIntegration):  # type: ignore[misc]  # Authlib has no types
    """Answers are awaited for a while only; Authlib keeps them until the next one comes."""

    expires_in = MINUTES * 60

    def get_state_data(self, session: MutableMapping[str, Any], state: str) -> Any:  # noqa: ANN401 - as Authlib has it
        """What must come back with this answer; None when nothing does, or not any more."""
        self._clear_session_state(session)
        return super().get_state_data(session, state)


class Registry(OAuth):  # type: ignore[misc]
    """Authlib's registry of providers, of which there is one."""

    framework_integration_cls = Awaited


def connect(app: Flask, settings: Settings) -> None:
    """Let people sign in at the provider of the settings."""
    app.config["OPENID"] = True  # the sign-in page shows the way
    app.extensions["openid"] = Registry(app).register(
        "openid",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )
    app.register_blueprint(blueprint)


@blueprint.get("/masuk/akun-kantor")
@public
def start() -> ResponseReturnValue:
    """Send the browser to the provider, which asks for the password each time: PCs are shared."""
    try:
        provider = _provider()
        answer = provider.authorize_redirect(url_for("openid.finish", _external=True), prompt="login")
    except RequestException as error:
        return _refused(ProviderUnavailable(), error)
    session[ONWARD] = ours(request.args.get("next", ""))
    return cast(ResponseReturnValue, answer)


@blueprint.get("/masuk/akun-kantor/kembali")
@public
def finish() -> ResponseReturnValue:
    """Open a session for whom the provider names, with what they had typed before, or say why not."""
    onward = session.pop(ONWARD, "") or url_for("pages.inbox")
    try:
        secret = credentials.vouched(site(), _named(), request.remote_addr or "")
    except RequestException as error:
        return _refused(ProviderUnavailable(), error)
    except (AuthlibBaseError, JoseError, ValueError) as error:
        return _refused(ProviderRefused(), error)
    except (NoAccount, ProviderUnavailable) as refusal:
        return _refused(refusal, refusal)
    typed = waiting()
    return open_session(lambda: fetched(typed) or redirect(onward), secret)


def _provider() -> Any:  # noqa: ANN401 - Authlib has no types
    """The provider, once it has described itself as the one that the settings name; raises `RequestException`."""
    provider, settings = current_app.extensions["openid"], site().settings
    metadata = provider.load_server_metadata()
    if str(metadata.get("issuer", "")).rstrip("/") != settings.oidc_issuer.rstrip("/"):
        raise RequestException(f"describes itself as {metadata.get('issuer')!r}")
    metadata["id_token_signing_alg_values_supported"] = SIGNATURES
    return provider


def _named() -> str:
    """The user name that the provider's answer proves."""
    provider, settings = _provider(), site().settings
    issuer = provider.server_metadata["issuer"]
    expected = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": settings.oidc_client_id},
    }
    token = provider.authorize_access_token(claims_options=expected)
    claims = token.get("userinfo")
    if claims is None:
        raise ValueError("no ID token")
    if settings.oidc_claim not in claims and "userinfo_endpoint" in provider.server_metadata:
        told = provider.userinfo(token=token)
        if told.get("sub") != claims["sub"]:
            raise ValueError("told of somebody else")
        claims = {**told, **claims}
    return _claimed(claims, settings.oidc_claim)


def _claimed(claims: Mapping[str, Any], claim: str) -> str:
    name = claims.get(claim)
    if not isinstance(name, str) or not name:
        raise ValueError(f"no claim {claim!r}")
    if claim == "email" and claims.get("email_verified") is False:
        raise ValueError("the e-mail address is not verified")
    return name


def _refused(refusal: NoAccount | ProviderRefused | ProviderUnavailable, cause: Exception) -> ResponseReturnValue:
    current_app.logger.warning("Signing in with the office account: %r", cause)
    return render_template("sign_in.html", name="", error=explain(refusal)), status_of(type(refusal))
