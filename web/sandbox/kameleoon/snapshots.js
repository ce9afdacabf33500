/* What Visitor and CurrentVisit read (1.2, 9.12): built anew at each access. */
import { assignmentKey } from "./assignment.js";
import { consent } from "./consent.js";
import { readableCustomData } from "./custom-data-values.js";
import { describe, describeVariation, isActive } from "./objects.js";
import { EXPERIMENT, PERSONALIZATION, campaigns } from "./project.js";
import { runtime } from "./runtime.js";
import { setVisitorCode } from "./visitor.js";

/** Without a run only the setter, and null while the run is being set up. */
export function visitorSnapshot() {
  if (!runtime) return { setVisitorCode };
  if (!runtime.visitor) return null;
  const { code, visits, customData } = runtime.visitor;
  return {
    code,
    numberOfVisits: visits.length,
    firstVisitStartDate: visits[visits.length - 1].start,
    visits: visits.map(visitSnapshot),
    currentVisit: visitSnapshot(visits[0], 0),
    previousVisit: visits[1] ? visitSnapshot(visits[1], 1) : null,
    customData: readableCustomData(customData),
    personalizationsActive: campaigns.some((each) => each.kind === PERSONALIZATION && isActive(each)),
    experimentLegalConsent: consent.AB_TESTING,
    personalizationLegalConsent: consent.PERSONALIZATION,
    productRecommendationLegalConsent: consent.PRODUCT_RECOMMENDATION,
    setVisitorCode,
  };
}

export const currentVisitSnapshot = () => (runtime?.visitor ? visitSnapshot(runtime.visitor.visits[0], 0) : null);

/**
 * @param {import("./types").Visit} visit
 * @param {number} age 0 is the current one
 */
function visitSnapshot(visit, age) {
  const { visits, customData } = runtime.visitor;
  const current = age === 0;
  return {
    index: visits.length - 1 - age,
    startDate: visit.start,
    duration: (current ? Date.now() : visit.last) - visit.start,
    lastEventDate: visit.last,
    pageViews: visit.pageViews,
    landingPageURL: visit.landing,
    pageURLsVisited: { ...visit.urls },
    locale: navigator.language,
    acquisitionChannel: "DIRECT", // a text; which ones there are is unknown
    device: {
      browser: "Chrome",
      browserVersion: "",
      os: navigator.platform,
      type: "DESKTOP",
      screenHeight: screen.height,
      screenWidth: screen.width,
      windowHeight: innerHeight,
      windowWidth: innerWidth,
      adBlocker: false,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    geolocation: {},
    weather: {},
    clicks: 0,
    products: [],
    currentProduct: null,
    activatedSegments: { ...visit.segments },
    conversions: structuredClone(visit.conversions),
    customData: readableCustomData({
      ...(current && customData),
      ...visit.customData,
      ...(current && runtime.page),
    }),
    activatedExperiments: activations(visit, EXPERIMENT),
    activatedPersonalizations: activations(visit, PERSONALIZATION),
    initialConversionPredictions: {},
  };
}

/**
 * @param {import("./types").Visit} visit
 * @param {import("./types").Kind} kind
 */
function activations(visit, kind) {
  return campaigns
    .filter((campaign) => campaign.kind === kind && visit.activated[assignmentKey(kind, campaign.id)])
    .map((campaign) => {
      const { times, variation } = visit.activated[assignmentKey(kind, campaign.id)];
      return {
        [`${kind.key}ID`]: campaign.id,
        [kind.key]: describe(campaign),
        times: [...times],
        associatedVariationID: variation, // a number in 2022, too? Unknown; there, variation.id is none (9.3)
        associatedVariation: describeVariation(campaign, variation),
      };
    });
}
