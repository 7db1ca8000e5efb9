"""What may be done with knowledge. Reading what is published needs none."""

from qingting.core.permissions import declare

READ = declare("knowledge.read", "查阅知识库")
WRITE = declare("knowledge.write", "撰写知识文章")
REVIEW = declare("knowledge.review", "审核知识文章")
