// What the build puts in (bridge/bundle/build.py), and what the tag's modules give each other. What crosses to the brain
// is JSON: bridge/models/messages.py says which.

/** For bridge.js. File names are relative to it. */
declare const BUNDLE: {
  version: string;
  engine: string; // unless the page names another
  polyscript: string;
  engines: Record<string, Engine>;
  hold: number; // ms that an event waits at most
  maxErrors: number; // that status() shows
  valuesKey: string; // of localStorage, for what the brain keeps of custom data
  status: object; // what status() says as long as there is no brain
  consolePrefix: string;
};

interface Engine {
  brain: string;
  module: string; // starts the interpreter
  preload: string[];
  limit: number; // ms until a start counts as failed
}

/** For engines/strict.js. File names are relative to the module that it becomes. */
declare const STRICT: {
  pyodide: string; // a folder
  packs: PackOfFiles[];
  lock: string;
  imports: string[]; // modules
  limit: number; // ms until a fetch counts as failed
  consolePrefix: string;
};

/** Files in one: their contents one after another. */
interface PackOfFiles {
  file: string;
  files: [path: string, bytes: number][];
}

/** In the hidden frame: the tag's functions, and the brain's once it is up. */
declare const ear: Ear;

interface Ear {
  act: (request: string) => string;
  fault: (what: unknown) => void;
  brain?: Hear;
}

/** The brain: takes a message, returns the answer; both are JSON. */
type Hear = (message: string) => string;

/** What the tag knows of itself. */
interface Facts {
  engine: string; // the one that runs, or that is wanted so far
  state: "starting" | "on" | "off" | "failed";
  versions: Record<string, string>;
  timings: Record<string, number>; // ms since the tag began
  errors: { what: string }[];
}

/** What the brain wants to know, as it says when it starts. */
interface Wants {
  event?: Shape; // of an event of the page's
  found?: Record<string, [path: string, shape: Shape, args?: any[]]>; // of Kameleoon's API, by name
}

/** What the page says of settings. */
interface PageSettings {
  attributes: { sitecode?: string; engine?: string }; // the tag's
  engine: string; // that is wanted
  config?: string; // what data-config answered
  problem?: string; // why it did not
}

/** Which parts of a value are wanted: 1 for all, 0 for none, else names with the shapes of their values. */
type Shape = 0 | 1 | { [name: string]: Shape };

/** As analytics.js gives it to a middleware; `obj` is the event. */
interface Payload {
  obj: Record<string, any>;
}

/** Custom data as the page reads them. */
interface Values {
  values: Record<string, { value: unknown; overwrite: boolean }>; // by custom data's name
  snippets: Record<string, unknown>; // the content of k_segmentIO
  personas: { value: string; label: string }[];
}

interface Window {
  kameleoonSegment: {
    ready: Promise<object>;
    status: () => object;
    customData: (name: string) => Values["values"][string] | undefined;
    exposure: (report: object) => void;
    consent: (given: boolean) => void;
    personaNames: () => Values["personas"];
  };
  analytics?: any;
  k_segmentIO?: Record<string, unknown>;
  trustedTypes?: any;
}
