/* The shapes that the modules hand to each other. */

/** What the server puts in for `__PROJECT__`. All but `siteCode` may be left out. */
export interface Project {
  siteCode: string;
  /** Origin of the Data API; the script's own by default. */
  dataUrl?: string;
  experiments?: CampaignDefinition[];
  personalizations?: CampaignDefinition[];
  customData?: CustomData[];
  goals?: Goal[];
  /** Code that runs before the queue, in each run. */
  globalScript?: string;
  /** Bodies of custom integrations. */
  customIntegrations?: string[];
  escapeVariationNames?: boolean;
  consent?: "none" | "required";
  beforeConsent?: "all" | "block";
  afterRefusal?: "all" | "block";
  singlePage?: boolean;
  /** Milliseconds from Loaded to the run. */
  runtimeDelay?: number;
  /** Milliseconds more, in which Visitor reads null. */
  visitorDelay?: number;
}

export interface CampaignDefinition {
  id: number;
  name: string;
  variations?: VariationDefinition[];
  /** Percent of the visitors, by variation id. */
  deviation?: Record<string, number>;
  /** A variation for everybody; null excludes everybody. */
  force?: number | null;
  targeting?: { customData?: string; value?: unknown; event?: string; urlContains?: string };
  segment?: { id: number; name: string };
  /** Hybrid: it runs only when it is triggered. */
  featureFlag?: boolean;
}

export interface VariationDefinition {
  id: number;
  name: string;
  /** Texts, by the selector of the element that gets them. */
  apply?: Record<string, string>;
}

export interface CustomData {
  index: number;
  name: string;
  type: "UNIQUE" | "LIST" | "COUNT_LIST";
  format?: "string" | "boolean" | "number";
  scope: "PAGE" | "VISIT" | "VISITOR";
  customEvalCode?: string;
  localOnly?: boolean;
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

export interface Campaign extends CampaignDefinition {
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
  activated: Record<string, { times: number[]; variation?: Assignment }>;
}

export interface Visitor {
  code: string;
  /** The current one first. */
  visits: Visit[];
  /** Of VISITOR scope. */
  customData: Values;
}

/** What one run knows about one campaign. */
export interface CampaignState {
  triggered?: boolean;
  tracked?: boolean;
  blocked?: boolean;
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
  held: { module: Module; campaign: Campaign; variation: number }[];
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
