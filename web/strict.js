/*
 * The strict engine's start: PyScript imports this module in place of Pyodide's own. It fetches all by itself, leaves no
 * package to any other host, and fails where Pyodide would wait for ever.
 *
 * FILES is put in by the build: { pyodide: folder, packs: [{ file, files: [[path, size]] }] for the library, the
 * third-party packages and the bridge, lock: text, imports: [modules] }, paths relative to this module.
 */
import { loadPyodide as load, version } from 'pyodide'

const LIBRARY = '/lib/python' // all of Python's and third-party modules: one folder to look through

const url = (file) => new URL(file, import.meta.url).href
const pyodide = (file) => url(FILES.pyodide + file)

const fetched = async ({ file, files }) => {
  const answer = await fetch(url(file))
  if (!answer.ok) throw `${file} answered ${answer.status}`
  return { files, bytes: new Uint8Array(await answer.arrayBuffer()) }
}

// Puts the files of a pack below a folder. They stay the pack's bytes: nothing is copied.
const install = (FS, folder, { files, bytes }) => {
  let at = 0
  for (const [path, size] of files) {
    const place = `${folder}/${path}`
    FS.mkdirTree(place.slice(0, place.lastIndexOf('/')))
    FS.writeFile(place, bytes.subarray(at, (at += size)), { canOwn: true })
  }
}

const turn = () => new Promise((next) => setTimeout(next)) // lets the page do its own work in between

// Pyodide keeps a failure to itself: a policy without 'wasm-unsafe-eval', or .wasm of another type.
const compiled = new Promise((resolve, reject) => {
  const plain = WebAssembly.instantiateStreaming
  WebAssembly.instantiateStreaming = (...args) => {
    const started = plain(...args)
    started.then(resolve, reject)
    return started
  }
})

export const loadPyodide = async (options) => {
  const library = fetched(FILES.packs[0])
  // Nothing before Python itself: a browser unpacks one thing after another.
  const rest = library.then(() => Promise.all(FILES.packs.slice(1).map(fetched)))
  const starting = load({
    ...options,
    indexURL: pyodide(''),
    lockFileContents: FILES.lock,
    env: { PYTHONPATH: LIBRARY },
    fsInit: async (FS) => install(FS, LIBRARY, await library),
  })
  const [python, [site, bridge]] = await Promise.all([starting, rest, library, compiled])
  // Python notices new files by the clock alone, which a test of the page may have stopped.
  const rescan = () => python.runPython('import importlib\nimportlib.invalidate_caches()')
  install(python.FS, LIBRARY, site)
  install(python.FS, python.FS.cwd(), bridge) // where the brain is written, too
  rescan()
  for (const name of FILES.imports) {
    await turn()
    python.runPython('import ' + name)
  }
  rescan()
  return python
}

const link = document.createElement('link')
document.head.append(Object.assign(link, { rel: 'modulepreload', href: pyodide('pyodide.asm.mjs'), crossOrigin: 'anonymous' }))

export { version }
