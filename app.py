"""The application: wiring only."""

from flask import Flask

from engine.settings import Settings
from engine.site import Site
from web import api, auth, context, errors, pages, security


def create_app(settings: Settings | None = None, site: Site | None = None) -> Flask:
    """A WSGI application that serves one installation: by its settings, the environment's, or an open `Site`."""
    site = site or Site.open(settings or Settings.from_env())
    app = Flask("web", static_folder="static", template_folder="templates")
    app.extensions["alur"] = site
    security.protect(app, site.settings)
    app.before_request(auth.authenticate)
    app.after_request(context.remember_language)
    app.teardown_request(context.leave_office_time)
    errors.handle(app)
    _speak(app)
    app.register_blueprint(api.blueprint)
    security.csrf.exempt(api.blueprint)  # the API knows people by tokens, which no other site's page can send
    app.register_blueprint(pages.blueprint)
    if site.settings.oidc_issuer:
        from web import openid  # imported by those who use it

        openid.connect(app, site.settings)
    return app


def _speak(app: Flask) -> None:
    """Templates translate with `_`, know who asks, and write moments the office's way."""
    app.jinja_env.globals |= {"_": context.written, "may": context.may}
    app.add_template_filter(context.moment, "moment")
    app.add_template_filter(context.by_when, "by_when")
    app.context_processor(lambda: {"actor": context.visitor(), "language": context.language()})
