/* The shapes that the modules hand to each other. */

/*
 * What the server puts in for `__PROJECT__`, with every default. What each option means says
 * bridge/sandbox/kameleoon/definition.py.
 */
export interface Project {
  siteCode: string;
  dataUrl: string | null;
  dialect: 2022 | 2025 | 2026;
  experiments: Experiment[];
  personalizations: Personalization[];
  customData: CustomData[];
  goals: Goal[];
  globalScript: string;
  customIntegrations: string[];
  escapeVariationNames: boolean;
  nativeSegment: boolean;
  consent: "none" | "required";
  beforeConsent: "all" | "block";
  afterRefusal: "all" | "block";
  singlePage: boolean;
  runtimeDelay: number;
  visitorDelay: number;
  recordsDelay: number;
}

interface CampaignDefinition {
  id: number;
  name: string;
  variations: Variation[];
  deviation: Record<string, number> | null;
  /** Left out where there is none: null excludes everybody. */
  force?: number | null;
  targeting: Targeting | null;
  segment: Segment | null;
}

export interface Experiment extends CampaignDefinition {
  featureFlag: boolean;
  aiAllocated: boolean;
}

export interface Personalization extends CampaignDefinition {
  suppressed: "priority" | "capping" | "exclusion" | "exclusion_group" | null;
  suppressedVariation: "reference" | "null" | "absent" | null;
}

export interface Variation {
  id: number;
  name: string;
  apply: Record<string, string>;
}

export interface Targeting {
  customData: string | null;
  value: unknown;
  event: string | null;
  urlContains: string | null;
}

export interface Segment {
  id: number;
  name: string;
}

export interface CustomData {
  index: number;
  name: string;
  type: "UNIQUE" | "LIST" | "COUNT_LIST";
  format: "string" | "boolean" | "number";
  scope: "PAGE" | "VISIT" | "VISITOR";
  method: string;
  customEvalCode: string | null;
  localOnly: boolean;
}

export interface Goal {
  id: number;
  name: string;
  type: string;
}

export type Module = "AB_TESTING" | "PERSONALIZATION" | "PRODUCT_RECOMMENDATION";

export interface Kind {
  label: "Experiment" | "Personalization";
  key: "experiment" | "personalization";
  module: Module;
}

/** An experiment or a personalization. */
export interface Campaign
  extends CampaignDefinition, Partial<Omit<Experiment & Personalization, keyof CampaignDefinition>> {
  kind: Kind;
}

/** A variation's id; null when excluded, undefined when nothing was assigned. */
export type Assignment = number | null | undefined;

/** How often each value was set. */
export type Counts = Record<string, number>;
/** By the index of the custom data. */
export type Values = Record<number, Counts>;

export interface Visit {
  start: number;
  last: number;
  landing: string;
  pageViews: number;
  urls: Record<string, number[]>;
  customData: Values;
  conversions: Record<number, { count: number; revenue: number }>;
  segments: Record<number, number[]>;
  /** By the campaign's storage key. */
  triggered: Record<string, boolean>;
  activated: Record<string, { times: number[]; variation: number }>;
}

export interface Visitor {
  code: string;
  /** The current one first. */
  visits: Visit[];
  /** Of VISITOR scope. */
  customData: Values;
}

/** A variation as pages get it. */
export interface SharedVariation {
  id: number | string | null;
  name: string;
  reallocationTime: null;
  instantiatedTemplate: null;
}

/** What one run knows about one campaign. */
export interface CampaignState {
  triggered?: boolean;
  tracked?: boolean;
  blocked?: boolean;
  /** Targeted, but not shown. */
  suppressed?: boolean;
  /** The assigned variation: at first an earlier run's. */
  variation?: Assignment;
  /** The variation that the page shows. */
  displayed?: number;
  /** By id. */
  variations: Map<number | null, SharedVariation>;
}

/** One run: a page load, or a single-page load. */
export interface Runtime {
  /** Null until storage is open: Visitor reads null meanwhile. */
  visitor: Visitor;
  /** Custom data codes had their first turn. */
  gathered: boolean;
  started: boolean;
  states: Map<Campaign, CampaignState>;
  /** Custom data of PAGE scope. */
  page: Values;
  /** Triggered through Events.trigger. */
  events: string[];
  /** Integrations that wait for consent. */
  held: { campaign: Campaign; variation: number }[];
  /** How to put the page back. */
  undo: (() => void)[];
}

declare global {
  const __PROJECT__: Project;

  interface Window {
    Kameleoon: any;
    kameleoonQueue: any[];
    kameleoonDisplayPage: ((now: boolean) => void) | null;
    kameleoonDisplayPageTimeOut: number | undefined;
    kameleoonStartLoadTime: number | undefined;
    kameleoonLoadingTimeout: number | undefined;
    kameleoonEndLoadTime: number | undefined;
  }

  interface Document {
    prerendering?: boolean;
  }
}
