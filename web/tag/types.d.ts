// What the build puts in (bridge/bundle/build.py), and what the tag's modules give each other. What crosses to the brain
// is JSON: bridge/models/messages.py says which.

/** For bridge.js, hands/ and debug/. File names are relative to bridge.js. */
declare const BUNDLE: {
  name: string;
  version: string;
  engine: string; // unless the page names another
  analytics: string; // path of Segment's instance, unless the page names another
  consent: string; // mode, unless the page names another
  enrich: boolean; // whether events carry the visitor code, unless the page says otherwise
  code: string; // name of the visitor code, in cookies and in events
  codeFields: Record<string, string>; // where events carry it, by their type
  hands: string;
  debug: string; // what is loaded to debug a page
  debugKey: string; // that asks for it: a parameter of the address, and a key in sessionStorage
  overlay: string; // its page
  greeting: string; // that it waits for
  engines: Record<string, Engine>;
  preload: string[]; // files of the usual engine
  limit: number; // ms until the hands count as lost
  patience: number; // ms that Python waits for analytics.js at most
  hold: number; // ms that an event waits at most
  maxErrors: number; // that status() shows
  ours: string; // begins the message ids of our events
  valuesKey: string; // of localStorage, for what the brain keeps of custom data
  orderKey: string; // for the visitor code that events carried last
  heardKey: string; // for what was heard and could not be sent before the page was left
  longest: number; // characters of what is read there
  status: object; // what status() says as long as there is no brain
  consolePrefix: string;
};

interface Engine {
  kernel: string; // PyScript's, which starts the module
  module: string; // starts the interpreter
  brain: string; // what the module takes of Python
  imports: string[]; // Python modules that start the brain, in this order
  files: Record<string, number>; // that a start asks for, with their bytes
  limit: number; // ms until a start counts as failed
}

/** For ../overlay. File names are relative to it. */
declare const OVERLAY: {
  kernel: string; // PyScript's
  module: string; // starts MicroPython
  image: string; // with its Python
  starts: string; // the module that is imported
  greeting: string; // of the page with the tag
};

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

/** In the hidden frame: what its two halves, and the brain, give each other. */
declare const ear: Ear;

interface Ear {
  facts: Facts;
  heard: Message[]; // that the brain has not been told yet
  journal: Message[]; // of this page, that may bring an exposure
  earlier?: { code: string; messages: Message[] }; // that an earlier page could not send before it was left
  numbered: number; // of the last message with a number
  lost: number; // frames that the page took away
  analytics: string; // path of Segment's instance
  mode?: string | false; // of consent, as far as it is known
  enrich?: boolean; // whether events carry the visitor code, as far as that is known
  code: string; // that they carry, as the brain says
  given?: boolean; // the page's own word on consent
  script: OwnScript;
  began: number; // when, by the clock
  clock: () => number; // ms since the page began, never set back
  shift: number; // of the frame's clock
  realm?: any; // the frame's window, as long as there is one
  alarm: number; // of events on hold
  fault: (what: unknown) => void;
  started: () => void;
  // Given to the frame with it
  fail: (error: unknown) => void;
  hook: () => void;
  cookie: (name: string) => string | null;
  settle: () => void;
  show: (values: Values) => void;
  add: (tag: string, attributes: object) => void;
  preload: (file: string) => void;
  // The hands'
  pack: string; // address of what the interpreter takes of Python
  act?: (request: string) => string;
  status?: () => object;
  explain?: (error: unknown, then: (why: unknown) => void) => void;
  plain?: { status: () => object; personaNames: () => object[] }; // the page's functions, before the strict engine's
  busy?: boolean; // the brain is at work
  overlay?: HTMLIFrameElement;
  told?: string[]; // crossings that the page was told of, as JSON
  crossings?: { length: number; push: (one: Crossing) => unknown }; // kept, where somebody debugs the page
  brain?: Hear;
  // Once the brain is up
  up?: {
    ask: (kind: string, more?: object) => any;
    drain: () => void;
    soon: () => void; // drains in a task to come
    look: (isOften?: boolean) => void;
    beat: (pause: number) => void;
    leave: () => void;
  };
}

/** What was heard: its kind, when (ear.clock), and what else. */
interface Message {
  kind: string;
  up: number;
  at?: number; // by the wall clock, once that was asked
  number?: number; // of what may bring an exposure
  [more: string]: any;
}

/** The tag's own element: its address, and its attributes where it can be found. */
interface OwnScript {
  src: string;
  nonce?: string;
  sitecode?: string;
  engine?: string;
  config?: string;
}

/** Takes what Python writes. */
type Write = (bytes: Uint8Array) => void;

/** The brain: takes a message, returns the answer; both are JSON. */
type Hear = (message: string) => string;

/** What crossed the seam: when (ear.clock), which way, its JSON, and that of the answer once it is there. */
type Crossing = [at: number, way: "told" | "asked", text: string, answer?: string];

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
  personas: string[]; // names of all that the project has
}

interface Window {
  kameleoonSegment: {
    ready: Promise<object>;
    status: () => object;
    customData: (name: string) => Values["values"][string] | undefined;
    exposure: (report: object) => void;
    consent: (given: boolean) => void;
    personaNames: () => { value: string; label: string }[];
  };
  Kameleoon?: any;
  analytics?: any; // the sandbox's scripts know no other name
  navigation?: any;
  k_segmentIO?: Record<string, unknown>;
  trustedTypes?: any;
}
