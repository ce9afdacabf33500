/*
 * The strict engine's start: PyScript imports this module in place of Pyodide's own. It fetches all at once, leaves no
 * package to any other host, and fails where Pyodide would wait for ever.
 *
 * FILES is put in by the build: { pyodide: folder, archives: [files], lock: text, imports: [modules] }, paths relative to this module.
 */
import { loadPyodide as load, version } from 'pyodide'

const url = (file) => new URL(file, import.meta.url).href
const pyodide = (file) => url(FILES.pyodide + file)

const preload = (href, attributes) =>
  document.head.append(Object.assign(document.createElement('link'), { href, crossOrigin: 'anonymous' }, attributes))

const fetched = async (file) => {
  const answer = await fetch(url(file))
  if (!answer.ok) throw `${file} answered ${answer.status}`
  return answer.arrayBuffer()
}

const turn = () => new Promise((next) => setTimeout(next)) // lets the page do its own work in between

// Pyodide keeps such a failure to itself: a policy without 'wasm-unsafe-eval', or .wasm of another type.
const refused = new Promise((_, reject) => {
  const plain = WebAssembly.instantiateStreaming
  WebAssembly.instantiateStreaming = (...args) => {
    const started = plain(...args)
    started.catch(reject)
    return started
  }
})

const start = async (options) => {
  const archives = FILES.archives.map(fetched)
  const python = await load({ ...options, indexURL: url(FILES.pyodide), lockFileContents: FILES.lock })
  for (const archive of archives) python.unpackArchive(await archive, 'zip')
  for (const name of FILES.imports) {
    await turn()
    python.runPython('import ' + name)
  }
  // The brain is written next. Python notices new files by the clock alone, which a test of the page may have stopped.
  python.runPython('import importlib\nimportlib.invalidate_caches()')
  return python
}

preload(pyodide('pyodide.asm.mjs'), { rel: 'modulepreload' })
preload(pyodide('python_stdlib.zip'), { rel: 'preload', as: 'fetch' })

export { version }
export const loadPyodide = (options) => Promise.race([start(options), refused])
