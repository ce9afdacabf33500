"""The tour's story, chapter by chapter, as data: plain Python, for the page and for unit tests.

A chapter has a ``title`` and what is to be said (``say``); ``at``: where in the page it happens, selectors of which the
first that is seen counts (``wire:LANE:TEXT`` is the newest row of a lane of the wire with that text); ``needs``: facts
that have to be so before it begins, in order; ``do``: what the tour does then; ``until``: the condition that shows that
it happened; ``late``: what to say where that does not come; ``read``: how many seconds a listener needs.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Step = dict[str, Any]

VARIATION_B = "914502"
PRODUCT, OTHER_PRODUCT = "lamp", "vase"

_CONSENT = ("consent", "yes")
_SEES_B = ("variation", VARIATION_B)
_KNOWN_CUSTOMER = (_CONSENT, ("user", "in"))
_WIRE = ("#wire", ".wire-handle")

STEPS: "list[Step]" = [
    {
        "title": "A stranger arrives",
        "say": "This shop uses two tools: Kameleoon tests what visitors see, Segment collects what they do. Each has "
        "a name of its own for who has just come: one visitor, and so far two people.",
        "at": ("#visitor", ".wire-handle"),
        "needs": (),
        "do": ("stranger",),
        "until": "arrived",
        "late": "Kameleoon's script or analytics.js has not started yet.",
        "read": 12,
    },
    {
        "title": "They see variation B",
        "say": "Kameleoon tests three headlines, and chance decides who sees which. For this story it is variation B: "
        "new words for the same shop. Segment knows nothing of it yet.",
        "at": ("#headline",),
        "needs": (_CONSENT, _SEES_B),
        "do": (),
        "until": "sees-b",
        "late": "Kameleoon does not say that the visitor sees variation B.",
        "read": 11,
    },
    {
        "title": "Segment learns what they saw",
        "say": "The bridge, one script tag in this page, tells Segment: “Experiment viewed”, with the experiment, the "
        "variation and the moment. Every tool that lives on Segment's data can now compare A with B.",
        "at": ("wire:segment:Experiment viewed",) + _WIRE,
        "needs": (_CONSENT, _SEES_B),
        "do": (),
        "until": "exposed",
        "late": "Segment has not received the exposure.",
        "read": 14,
    },
    {
        "title": "Two tools, one person",
        "say": "Once per visitor the bridge sends the “Kameleoon identifier”: Kameleoon's visitor code and Segment's "
        "anonymous id in one event. Segment hands it on to Kameleoon, and from now on both mean the same person.",
        "at": ("wire:destination:Kameleoon identifier",) + _WIRE,
        "needs": (_CONSENT,),
        "do": (),
        "until": "linked",
        "late": "Kameleoon has not received the identifier.",
        "read": 15,
    },
    {
        "title": "They log in",
        "say": "It is Ada, of Studio Nord, with the premium plan. The shop tells Segment, as it always did; the bridge "
        "makes plan and company known to Kameleoon at once, which can choose by them what she sees.",
        "at": ("#known", "#login", "#presenter"),
        "needs": (_CONSENT, ("user", "out")),
        "do": ("log-in",),
        "until": "known",
        "late": "Kameleoon does not know the plan yet.",
        "read": 14,
    },
    {
        "title": "They enter an audience",
        "say": "By what Ada does, Segment finds that she belongs to its audience “vip”. It tells Kameleoon, which "
        "keeps that as remote data, under each of her names. Her page is as it was.",
        "at": ("wire:destination:Audience", "#vip", "#presenter"),
        "needs": _KNOWN_CUSTOMER + (("audience", False), ("vip", False)),
        "do": ("enter",),
        "until": "entered",
        "late": "Kameleoon has not received the audience.",
        "read": 13,
    },
    {
        "title": "The page becomes hers",
        "say": "She opens the next page. The bridge gives Kameleoon the audience before anything is painted, and the "
        "welcome for VIPs appears. Segment hears of that, too.",
        "at": ("#welcome",),
        "needs": _KNOWN_CUSTOMER + (("audience", True),),
        "do": ("view-with",),
        "until": "welcomed",
        "late": "The personalization has not appeared, or Segment has not heard of it.",
        "read": 14,
    },
    {
        "title": "A goal converts",
        "say": "She puts the lamp into the cart. The bridge has put her visitor code into the shop's own event, so "
        "that Kameleoon counts a conversion for all that it has shown her.",
        "at": ("#why .goal", "#why", ".cart"),
        "needs": _KNOWN_CUSTOMER + (_SEES_B,),
        "do": ("cart",),
        "until": "converted",
        "late": "Kameleoon has not counted the conversion.",
        "read": 13,
    },
    {
        "title": "She says no, and it stops",
        "say": "Ada takes her consent back. The page opens again, without experiment and welcome; what she puts into "
        "the cart the shop still tells Segment, without a visitor code. The bridge sends nothing more.",
        "at": ("#consent-refused", ".cart"),
        "needs": _KNOWN_CUSTOMER,
        "do": ("refuse", "view", "cart-again"),
        "until": "quiet",
        "late": "The shop's event has not arrived, or the bridge sent something after the no.",
        "read": 15,
    },
]

#: What the tour does where a fact is not as a chapter needs it: the chapters before it, performed again.
REMEDIES = {
    ("consent", "yes"): "agree",
    ("variation", VARIATION_B): "show-b",
    ("user", "in"): "log-in",
    ("user", "out"): "log-out",
    ("audience", True): "enter",
    ("audience", False): "leave",
    ("vip", False): "view-without",
}
