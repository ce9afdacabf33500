"""What the doctor runs in a page before all else: it patches nothing, and leaves one symbol that no name reaches."""

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
