// Files in one, fetched and put where Python imports from; and whether WebAssembly was let in.

/** @param {string} file */
export const url = (file) => new URL(file, import.meta.url).href;

/**
 * @param {PackOfFiles} pack
 * @param {number} limit ms
 */
export const fetched = async ({ file, files }, limit) => {
  try {
    const answer = await fetch(url(file), { signal: AbortSignal.timeout(limit) });
    if (!answer.ok) throw `answered ${answer.status}`;
    return { files, bytes: new Uint8Array(await answer.arrayBuffer()) };
  } catch (error) {
    throw `${file}: ${error}`;
  }
};

// Puts the files of a pack where Python imports from. They stay the pack's bytes: nothing is copied.
const install = (FS, { files, bytes }) => {
  let at = 0;
  for (const [path, size] of files) {
    const place = `${FS.cwd()}/${path}`;
    FS.mkdirTree(place.slice(0, place.lastIndexOf("/")));
    FS.writeFile(place, bytes.subarray(at, (at += size)), { canOwn: true });
  }
};

// Pyodide keeps a failure to itself: a policy without 'wasm-unsafe-eval', or .wasm of another type.
export const compiled = new Promise((resolve, reject) => {
  const plain = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = (...args) => {
    const started = plain(...args);
    started.then(resolve, reject);
    return started;
  };
});

// Python notices new files by their folder's time alone, and a test of the page may have stopped the clock.
let added = 0;
export const add = ({ FS }, pack) => {
  install(FS, pack);
  FS.utime(FS.cwd(), ++added, added);
};
