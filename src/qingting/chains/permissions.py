"""What may be done with cross-province chains. Which acts they open follows from what one's organisation is in a chain."""

from qingting.core.permissions import declare

VIEW = declare("chains.view", "查看跨省转介")
RAISE = declare("chains.raise", "发起和补充跨省转介")
DRILL = declare("chains.drill", "组织跨省转介演练")
ACT = declare("chains.act", "签收和办理外省转来的危机个案")
SUPERVISE = declare("chains.supervise", "督办跨省转介")
ASSIST = declare("chains.assist", "以区域中心身份协助跨省转介")
