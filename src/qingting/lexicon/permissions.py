"""What may be done with the rules and words of screening."""

from qingting.core.permissions import declare

READ = declare("lexicon.read", "查看识别词库")
PROPOSE = declare("lexicon.propose", "提出词库修改")
APPROVE = declare("lexicon.approve", "复核词库修改")
SEE_WORDS = declare("lexicon.see-words", "查看词库评测命中的原话（脱敏）")
LABEL = declare("lexicon.label", "复核坐席的更正")
