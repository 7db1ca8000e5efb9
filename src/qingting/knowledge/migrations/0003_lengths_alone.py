"""One row for each article that says how long it is, so that articles are counted without reading every posting."""

from django.db import migrations

LENGTHS = """INSERT INTO knowledge_posting (gram, article_id, owner_id, weight, length)
SELECT DISTINCT '', article_id, owner_id, 0.0::float8, length FROM knowledge_posting ON CONFLICT (gram, article_id) DO NOTHING"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_isolation")]
    operations = [migrations.RunSQL(LENGTHS, "DELETE FROM knowledge_posting WHERE gram = ''")]
