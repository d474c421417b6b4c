"""The definitions that cases are pinned to, each checked once against its stored files."""

import json

from sqlalchemy import Connection, select

from engine import contents
from engine.bundles import Bundle
from engine.errors import N_, AlurError, NotFound
from engine.models import definitions
from engine.site import Site
from engine.verification import Different


class Pins:
    """Definitions by their digest; a verification of many cases shares one."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._checked: dict[str, Bundle] = {}

    def bundle(self, connection: Connection, digest: str) -> Bundle:
        """The definition, its model, forms and templates the very bytes that the digest names; raises `Different`."""
        if digest not in self._checked:
            self._checked[digest] = self._check(connection, digest)
        return self._checked[digest]

    def _check(self, connection: Connection, digest: str) -> Bundle:
        try:
            found = self._site.bundle(connection, digest)
        except AlurError as error:
            raise Different(1, N_("the pinned definition cannot be read"), digest, error) from error
        if found.definition.digest != digest:
            raise Different(1, N_("the pinned definition was changed"), digest, found.definition.digest)
        names = json.loads(
            connection.execute(select(definitions.c.files).where(definitions.c.digest == digest)).scalar() or "{}"
        )
        for name, sha256 in found.definition.files.items():
            stored = _stored(connection, names.get(name, "missing"))
            if stored != sha256:
                raise Different(1, N_("the pinned file %(file)s was changed"), sha256, stored, file=name)
        return found


def _stored(connection: Connection, name: str) -> str:
    try:
        return contents.sha256(contents.read(connection, name))
    except NotFound:
        return "missing"
