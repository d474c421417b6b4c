"""The migrations make exactly the tables of the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.models import metadata
from engine.site import Site


def test_migrated_tables_are_the_models_tables(site: Site) -> None:
    with site.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
