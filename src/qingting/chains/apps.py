from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "qingting.chains"
    label = "chains"

    def ready(self) -> None:
        """Take what other houses tell, say in words what the notices are about, and let timelines read the entries."""
        from qingting.cases.panels import words_from
        from qingting.chains.selectors import words_behind
        from qingting.chains.services import take_in
        from qingting.chains.states import ACTS
        from qingting.linkage.services import take_shared_by
        from qingting.staff.notices import word_notices

        take_shared_by(take_in)
        words_from("chains", words_behind)
        word_notices(
            {
                "chains.told:": "跨省转介：{detail}",
                "chains.told:RAISE": "外省转来一件危机个案，请立即签收",
                "chains.drill:": "【演练】跨省转介：{detail}",
                "chains.drill:RAISE": "【演练】外省发起跨省转介演练，不出动，请按流程签收",
                "chains.drill-not-taken": "【演练】对方平台未能接收跨省转介演练",
                "chains.late:": "跨省转介的“{detail}”超过时限，请立即电话联系属地省",
                "chains.no-keeper": "跨省转介已销号，还没有人做长期跟踪，请安排",
                "chains.not-taken": "对方平台未能接收跨省转介，请立即电话联系",
            },
            details={code: act.told for code, act in ACTS.items()},
            pages={"chain": "chains:chain", "chain_watch": "chains:chain"},
        )
