"""The new tables stand behind the wall; an assessment can't be changed or removed, only its seal and its case."""

from django.db import migrations

from qingting.core.isolation import isolate

ARMOUR = """
create function risk_refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (to_jsonb(new) - array['whereabouts_sealed', 'whereabouts_key_version', 'case_id'])
      = (to_jsonb(old) - array['whereabouts_sealed', 'whereabouts_key_version', 'case_id'])
      and (old.case_id is null or new.case_id = old.case_id)
      and (old.whereabouts_sealed is null) = (new.whereabouts_sealed is null) then
    return new;
  end if;
  raise exception 'an assessment is never changed; record a new one' using errcode = 'insufficient_privilege';
end $$;
create trigger risk_assessment_stands before update or delete on risk_riskassessment
  for each row execute function risk_refuse_change();
"""
DISARM = "drop trigger risk_assessment_stands on risk_riskassessment; drop function risk_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("risk", "0003_links_drafts_and_keys"), ("core", "0002_journal")]
    operations = [
        isolate("risk_caselink"),
        isolate("risk_assessmentdraft"),
        migrations.RunSQL(ARMOUR, DISARM),
    ]
