"""An OpenID Connect provider of the office, on Authlib's server side: it demands PKCE and can be made to lie."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, request
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "alur", "rahasia-penyedia"


class Alur(ClientMixin):
    """The one client that the provider knows."""

    def __init__(self, callback: str) -> None:
        self.callback = callback

    def get_client_id(self) -> str:
        return CLIENT

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.callback

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Token(TokenMixin):
    scope: str

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


@dataclass
class Provider:
    """Whom it says is there, and how: `claims` in the ID token, `userinfo` when asked, `lies` over what is true."""

    callback: str
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "1", "preferred_username": "staf"})
    userinfo: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signing: RSAKey | None = None
    asked: list[Mapping[str, str]] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)

    def app(self) -> Flask:
        """The provider as an application."""
        app = Flask("provider")
        server = AuthorizationServer(app, lambda _: Alur(self.callback), self._keep)
        server.register_grant(self._grant(), [CodeChallenge(required=True), self._id_tokens()])
        protected = ResourceProtector()
        protected.register_token_validator(self._validator())

        @app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, Any]:
            places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            return {
                "issuer": self.issuer,
                **{f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in places.items()},
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "none"],
                **self.metadata,
            }

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorize")
        def authorize() -> Any:
            self.asked.append(request.args)
            user = SimpleNamespace(**self.claims)
            return server.create_authorization_response(grant=server.get_consent_grant(end_user=user), grant_user=user)

        @app.post("/token")
        def token() -> Any:
            return server.create_token_response()

        @app.get("/userinfo")
        @protected("openid")
        def userinfo() -> dict[str, Any]:
            assert current_token
            return self.userinfo

        return app

    def _keep(self, token: Mapping[str, Any], _request: Any) -> None:
        self.tokens[token["access_token"]] = Token(token["scope"])

    def _grant(provider) -> type[AuthorizationCodeGrant]:  # noqa: N805 - its classes have a self of their own
        class Grant(AuthorizationCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

            def save_authorization_code(self, code: str, request: Any) -> Code:
                asked = request.payload.data
                kept = [asked.get(name) for name in ("nonce", "code_challenge", "code_challenge_method")]
                provider.codes[code] = Code(request.payload.redirect_uri, request.payload.scope, *kept)
                return provider.codes[code]

            def query_authorization_code(self, code: str, client: Alur) -> Code | None:
                return provider.codes.pop(code, None)

            def delete_authorization_code(self, authorization_code: Code) -> None:
                """It is gone already: a code works once."""

            def authenticate_user(self, authorization_code: Code) -> SimpleNamespace:
                return SimpleNamespace(**provider.claims)

        return Grant

    def _id_tokens(provider) -> OpenIDCode:  # noqa: N805
        class IdTokens(OpenIDCode):
            def exists_nonce(self, nonce: str, request: Any) -> bool:
                return False

            def resolve_client_private_key(self, client: Alur) -> RSAKey:
                return provider.signing or provider.key

            def get_client_algorithm(self, client: Alur) -> str:
                return str(provider.lies.get("alg", "RS256"))

            def get_encode_header(self, client: Alur) -> dict[str, str]:
                return {"alg": self.get_client_algorithm(client), "kid": "1"}

            def get_client_claims(self, client: Alur) -> dict[str, Any]:
                return {"iss": provider.issuer, "aud": [CLIENT]}

            def generate_user_info(self, user: SimpleNamespace, scope: str) -> dict[str, Any]:
                return {**provider.claims, **{name: lie for name, lie in provider.lies.items() if name != "alg"}}

        return IdTokens(require_nonce=True)

    def _validator(provider) -> BearerTokenValidator:  # noqa: N805
        class Validator(BearerTokenValidator):
            def authenticate_token(self, token_string: str) -> Token | None:
                return provider.tokens.get(token_string)

        return Validator()


@contextmanager
def running(callback: str) -> Iterator[Provider]:
    """A provider at an address of this machine, which sends people back to `callback`."""
    provider = Provider(callback)
    server = make_server("localhost", 0, provider.app(), threaded=True)
    provider.issuer = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def another_key() -> RSAKey:
    """A key that is not the provider's, under its name."""
    return RSAKey.generate_key(2048, {"kid": "1"})
