/*
 * The strict engine's start: PyScript imports this module in place of Pyodide's own. It fetches all at once, leaves no
 * package to any other host, and fails where Pyodide would wait for ever.
 *
 * FILES is put in by the build: { pyodide: folder, packs: [{ file, files: [[path, size]] }], lock: text, imports:
 * [modules] }, paths relative to this module.
 */
import { loadPyodide as load, version } from 'pyodide'

const url = (file) => new URL(file, import.meta.url).href
const pyodide = (file) => url(FILES.pyodide + file)

const fetched = async ({ file, files }) => {
  const answer = await fetch(url(file))
  if (!answer.ok) throw `${file} answered ${answer.status}`
  return { files, bytes: new Uint8Array(await answer.arrayBuffer()) }
}

// Puts the files of a pack where the brain is written, too. They stay the pack's bytes: nothing is copied.
const install = (FS, { files, bytes }) => {
  let at = 0
  for (const [path, size] of files) {
    const place = `${FS.cwd()}/${path}`
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
  const fetching = Promise.all(FILES.packs.map(fetched))
  const starting = load({ ...options, indexURL: pyodide(''), lockFileContents: FILES.lock })
  const [python, packs] = await Promise.all([starting, fetching, compiled])
  // Python notices new files by the clock alone, which a test of the page may have stopped.
  const rescan = () => python.runPython('import importlib\nimportlib.invalidate_caches()')
  for (const pack of packs) install(python.FS, pack)
  rescan()
  for (const name of FILES.imports) {
    await turn()
    python.runPython('import ' + name)
  }
  rescan()
  return python
}

const preload = (href, attributes) =>
  document.head.append(Object.assign(document.createElement('link'), { href, crossOrigin: 'anonymous' }, attributes))
preload(pyodide('pyodide.asm.mjs'), { rel: 'modulepreload' })
preload(pyodide('python_stdlib.zip'), { rel: 'preload', as: 'fetch' })

export { version }
