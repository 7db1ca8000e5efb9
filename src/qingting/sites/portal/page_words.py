"""The words that scripts of the seekers' pages say: message ids, which the catalogues translate like those of the templates."""

from django.utils.translation import get_language, gettext

SAID_BY_SCRIPTS = (
    "已读",
    "已送达",
    "看全文：《{title}》",
    "现在连不上我们。你写的都留在这一页，连上了会自己发出去，请先不要关掉。等不及就打 12355；有危险打 110、120。",
    "咨询师都在忙，可能要多等一会儿。你可以先写下来，我们都会看到。急的话请打12355。",
    "前面还有{ahead}位，大约等{minutes}分钟。可以先写下想说的话。",
    "马上就到你了，可以先写下想说的话。",
    "我要找人",
    "发送中",
    "网络不太好，正在重新发送",
    "没有发出去，请再试一次",
    "已经清掉了。",
    "接通了，请听提示",
    "网络有点不稳，正在重新连接……",
    "没有接通。请稍后再试，或者用下面的办法找我们。",
    "接通了，请说",
    "对方在听。说得慢、说得乱都没关系。",
    "请等一下，对方马上回来。",
    "对方的网络断了一下，正在接回来，请不要挂断。",
    "请在“嘀”声后留言",
    "请说清楚怎么能找到你，我们第二天回复。说完挂断就好。",
    "正在为你找一位咨询师",
    "前面还有 {ahead} 个人",
    "下一个就是你",
    "，大约不到 1 分钟",
    "，大约 {minutes} 分钟",
    "{before}{minutes}。你也可以挂断，改用打字。",
    "取消静音",
    "静音",
    "我",
    "咨询师",
    "自动回复（我是机器）",
    "这次聊天已经结束。需要的时候随时可以再来。",
    "咨询师已经在这里，正在听你说。",
    "老师还没有来，先由机器回答。你写的，老师来了都能看到。",
    "正在为你找一位咨询师……",
    "正在接通……",
    "浏览器没有允许使用麦克风，我们听不到你。点地址栏左边的图标，把麦克风改成“允许”，再试一次。",
    "没有找到麦克风。插上耳机，或者用下面的办法找我们。",
    "麦克风正被别的程序使用。关掉它们再试一次，或者用下面的办法找我们。",
    "这个网址不能使用麦克风，请用下面的办法找我们。",
    "现在接不通浏览器通话。可以打字聊，或者用电话打 12355。",
)


def translated() -> dict[str, str]:
    """What each is in the language of the page; nothing where that is the language they are written in."""
    if (get_language() or "").lower() in {"", "zh-hans", "zh-cn", "zh"}:
        return {}
    return {words: gettext(words) for words in SAID_BY_SCRIPTS}
