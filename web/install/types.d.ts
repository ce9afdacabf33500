/** What the build puts in (bridge/bundle/wizard.py), for web/install. File names are relative to the module that asks. */
declare const INSTALL: {
  core: string; // PyScript's module
  pyodide: string; // a folder
  lock: string;
  packs: PackOfFiles[];
  loads: Record<string, number>; // what is fetched, with its bytes
  characters: number; // of the longest configuration that is read
  limit: number; // ms without a byte or a step until the start counts as failed
};
