"""What is asked of a page for an evidence file, in JavaScript: it looks, and changes nothing.

The doctor runs it in the pages of others, the demo in its own.
"""

import json

from bridge.shared.vocabulary import LINKED_KEY

#: Begins each storage key of the bridge.
OUR_KEYS = LINKED_KEY.partition("_identifier")[0]
#: How keys and cookies begin by which the bridge, Kameleoon and Segment know a visitor.
STORES = (OUR_KEYS, "kameleoon", "ajs_")
#: What is looked for in the text of scripts: names by which old snippets and the vendors' code are known.
MARKS = {
    "identifier": LINKED_KEY,
    "k_segmentIO": "k_segmentIO",
    "remote data": "COHORTS_|IDENTIFY_",
    "kameleoon": "[kK]ameleoon",
    "segment": r"analytics\.(load|track|page|identify)\b|cdn\.segment|segment\.(io|com)",
}
_ATTRIBUTES = ["async", "defer", "type", "integrity", "crossorigin"]

#: Runs again and again: what may change from moment to moment.
MOMENT = """() => {
  const tried = (look, or) => { try { return look() ?? or } catch { return or } }
  const own = new RegExp(%s)
  const keys = (store) => tried(() => Object.keys(store()).filter((key) => own.test(key)).sort(), [])
  return {
    at_ms: performance.now(),
    has_global: Object.hasOwn(window, "kameleoonSegment"),
    status: tried(() => JSON.parse(JSON.stringify(window.kameleoonSegment.status())), null),
    local: keys(() => localStorage),
    session: keys(() => sessionStorage),
    cookies: tried(() => document.cookie.split("; ").map((one) => one.split("=")[0]).filter((one) => own.test(one)),
      []),
  }
}""" % json.dumps("^(%s)" % "|".join(STORES))

#: Runs once, at the end.
END = """(asked) => {
  const tried = (look, or) => { try { return look() ?? or } catch { return or } }
  const text = (value) => typeof value === "string" ? value : null
  const api = tried(() => window.Kameleoon.API)
  const at = tried(() => asked.analytics.split(".").reduce((object, name) => object[name], window))
  const number = (value) => Number.isInteger(value) ? value : value === "reference" ? 0 : null
  const seenAs = (type, id, name, variation) =>
    ({ type, id, name: String(name ?? ""), variation: number(variation) })
  const activated = (type, records, getters, id, campaign) => [
    ...tried(() => api.CurrentVisit[records].map((one) =>
      seenAs(type, one[id], one[campaign]?.name, one.associatedVariationID)), []),
    ...tried(() => api[getters].getActivatedInVisit().map((one) =>
      seenAs(type, one.id, one.name, one.associatedVariation?.id)), []),
  ].filter((one, index, all) => Number.isInteger(one.id) && all.findIndex(({ id }) => id === one.id) === index)
  const seen = window[Symbol.for("kameleoon-segment doctor")] || { tasks: [], lcp: null }
  const own = ["data-", ...asked.attributes]
  const marks = Object.entries(asked.marks).map(([name, pattern]) => [name, new RegExp(pattern)])
  const banners = { OneTrust: "OneTrust", Cookiebot: "Cookiebot", Didomi: "Didomi", UC_UI: "Usercentrics",
    axeptioSDK: "Axeptio", tarteaucitron: "tarteaucitron", CookieConsent: "CookieConsent", __tcfapi: "IAB TCF" }
  const loaded = performance.getEntriesByType("navigation")[0]
  return {
    kameleoon: {
      present: Boolean(api),
      sitecode: text(tried(() => api.Core.getConfiguration().siteCode)),
      visitor_code: text(tried(() => api.Visitor.code)),
      campaigns: [
        ...activated("experiment", "activatedExperiments", "Experiments", "experimentID", "experiment"),
        ...activated("personalization", "activatedPersonalizations", "Personalizations", "personalizationID",
          "personalization"),
      ],
      custom_data: tried(() => JSON.parse(JSON.stringify(
        { ...api.Visitor.customData, ...api.CurrentVisit.customData })), {}),
    },
    segment: {
      present: Boolean(at),
      ready: Boolean(at && (at.initialized || (at.user && !Array.isArray(at)))),
      version: text(tried(() => at.VERSION)),
      anonymous_id: text(tried(() => at.user().anonymousId())),
      user_id: text(tried(() => at.user().id())),
    },
    scripts: [...document.scripts].slice(0, 500).map((one) => ({
      src: one.src,
      attributes: Object.fromEntries([...one.attributes]
        .filter(({ name }) => own.some((start) => name.startsWith(start))).map(({ name, value }) => [name, value])),
      text: one.src ? "" : one.textContent,
      marks: one.src ? [] : marks.filter(([, pattern]) => pattern.test(one.textContent)).map(([name]) => name),
    })),
    policies: [...document.querySelectorAll("meta[http-equiv='Content-Security-Policy' i]")].map((one) => one.content),
    banner: Object.keys(banners).filter((name) => name in window).map((name) => banners[name])[0] || null,
    lcp_ms: seen.lcp,
    blocking_ms: seen.tasks.reduce((sum, duration) => sum + Math.max(0, duration - 50), 0),
    load_ms: loaded ? loaded.loadEventEnd : null,
  }
}"""


def asked(analytics: str) -> dict[str, object]:
    """Return the argument of ``END``; ``analytics`` is the path of the page's Segment instance."""
    return {"analytics": analytics, "attributes": _ATTRIBUTES, "marks": MARKS}
