/**
 * Of the whole page, since several files have a copy of this module: how often each module could not be loaded.
 * @type {typeof globalThis & { failedLoads?: Map<string, number> }}
 */
const page = globalThis

/**
 * Loads a module that a page needs later. Firefox requests one that it could not load never again, so every further attempt
 * has an address of its own.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} load imports it by its name
 * @returns {Promise<T>}
 */
export async function loadLater(name, load) {
  page.failedLoads ??= new Map()
  const failures = page.failedLoads
  const failed = failures.get(name) ?? 0
  try {
    return await (failed === 0 ? load() : import(new URL(`${name}?${failed}`, import.meta.url).href))
  } catch (error) {
    failures.set(name, failed + 1)
    throw error
  }
}
