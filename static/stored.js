/** A value kept on this device. Where keeping is forbidden or full, it lasts as long as the page. */
export function stored(key, fallback) {
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? fallback
    } catch {
      return fallback
    }
  }
  let value = read()
  return {
    key,
    get value() {
      return value
    },
    set value(next) {
      value = next
      try {
        if (next === null || next.length === 0) localStorage.removeItem(key)
        else localStorage.setItem(key, JSON.stringify(next))
      } catch {
        // Full or forbidden: the page still has it.
      }
      document.dispatchEvent(new CustomEvent("stored:changed", { detail: { key } }))
    },
    reload() {
      value = read()
    },
  }
}
