"""Takes out of a sentence what could name somebody: numbers, accounts, addresses, names. Pure, and rather too much than too
little; a person reads what is left before it is kept."""

import re

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_STEPS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "〔邮箱〕"),
    (re.compile(r"(?:https?://|www\.)\S+"), "〔网址〕"),
    (
        re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z_-]*\d)[A-Za-z][A-Za-z0-9_-]{4,}"),
        "〔账号〕",
    ),
    (re.compile(r"\d[\d\- ]{3,}\d|[零一二三四五六七八九幺]{6,}"), "〔号码〕"),
    (
        re.compile(
            r"[\u4e00-\u9fff]{1,4}(?:小区|花园|公寓|大道|路|街|巷|弄|村|镇|乡)[\d一二三四五六七八九十百零A-Za-z-]+"
            r"(?:号楼|号|栋|幢|座|单元|楼|室)[\d一二三四五六七八九十百零A-Za-z号栋幢座单元楼层室-]*"
        ),
        "〔地址〕",
    ),
    (re.compile(r"\d+(?:号楼|号|栋|幢|座|单元|室)\d*"), "〔地址〕"),
    (
        re.compile(
            r"(?:[\u4e00-\u9fff]{2,4}(?:市|县|区|省))?[\u4e00-\u9fff]{1,3}?第?[一二三四五六七八九十\d]+(?:中学?|小学?|高)(?![一-鿿]?[岁年天个])"
        ),
        "〔学校〕",
    ),
    (re.compile(r"[\u4e00-\u9fff]{2,6}(?:中学|小学|大学|学院|职校|技校|实验学校)"), "〔学校〕"),
    (
        re.compile(
            r"(?:我叫|名字叫|名字是|名叫|我是|他叫|她叫|叫做|姓名)[:：是]?\s*[" + SURNAMES + r"][\u4e00-\u9fff]{1,2}"
        ),
        "〔姓名〕",
    ),
    (
        re.compile(
            r"[" + SURNAMES + r"][\u4e00-\u9fff]{0,2}(?:老师|同学|医生|主任|校长|教练|阿姨|叔叔|女士|先生|警官)"
        ),
        "〔姓名〕",
    ),
)


def masked(text: str) -> str:
    """The text with whatever could name somebody replaced by a word in 〔〕."""
    for expression, instead in _STEPS:
        text = _replaced(expression, instead, text)
    return text


def _replaced(expression: re.Pattern[str], instead: str, text: str) -> str:
    return expression.sub(lambda match: _kept_front(match[0]) + instead, text)


def _kept_front(found: str) -> str:
    """The words that introduce a name stay, because they carry sense."""
    for front in ("我叫", "名字叫", "名字是", "名叫", "我是", "他叫", "她叫", "叫做", "姓名"):
        if found.startswith(front):
            return front
    return ""
