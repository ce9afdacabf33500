"""What the doctor runs in a page before all else: it patches nothing, and leaves one symbol that no name reaches."""

#: Runs before all else in each frame, where nothing is to be sent: what a page sends while it makes room for another
#: leaves behind the back of every route. It is the page's last moment: nobody is there any more who would notice.
HUSH = """addEventListener("pagehide", () => {
  navigator.sendBeacon = () => true
  window.fetch = () => new Promise(() => {})
  XMLHttpRequest.prototype.send = () => {}
}, { capture: true })"""

#: Runs before all else in the page: notes what is told once only.
WATCH = """(() => {
  if (window !== window.top) return
  const seen = { tasks: [], lcp: null }
  Object.defineProperty(window, Symbol.for("kameleoon-segment doctor"), { value: seen })
  const watch = (type, then) => {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach(then)).observe({ type, buffered: true })
    } catch {}
  }
  watch("longtask", (task) => seen.tasks.push(task.duration))
  watch("largest-contentful-paint", (paint) => { seen.lcp = paint.startTime })
})()"""
