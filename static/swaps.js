/**
 * Runs something after each swap that may have changed more than the log. In a busy channel dozens of messages arrive each
 * second, and the lists around the log have nothing to do with them.
 * @param {() => void} run
 * @param {AbortSignal} [signal] ends it
 */
export function onSwapAroundLog(run, signal) {
  /** @type {WeakSet<HtmxContext>} */
  const inLog = new WeakSet()
  const before = (/** @type {HtmxEvents["htmx:before:swap"]} */ { detail: { ctx, tasks } }) => {
    if (ctx && tasks.every(({ target }) => isInLog(target))) inLog.add(ctx)
  }
  const after = (/** @type {HtmxEvents["htmx:finally:swap"]} */ { detail: { ctx } }) => {
    if (!ctx || !inLog.has(ctx)) run()
  }
  document.addEventListener("htmx:before:swap", before, { signal })
  // At the end: htmx sets the title that came with it after "htmx:after:swap", and that may be older than what is known.
  document.addEventListener("htmx:finally:swap", after, { signal })
}

/** @param {HtmxSwapTask["target"]} target */
function isInLog(target) {
  if (typeof target === "string") return target.startsWith("#messages")
  // None: a message that the page does not show. Links to more messages are in the log too.
  return !target || target.closest("#log") !== null
}
