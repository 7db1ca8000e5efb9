"""What may be done with contact records."""

from qingting.core.permissions import declare

VIEW = declare("contacts.view", "查看接触记录")
RECORD = declare("contacts.record", "登记接触记录")
