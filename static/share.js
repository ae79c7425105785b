/**
 * Fills in what another app shared, which `static/service-worker.js` has kept. It imports nothing, since it is served as it
 * is.
 */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("share"))
if (form) fill(form)

/** @param {HTMLFormElement} form */
async function fill(form) {
  const path = "/share/form"
  const kept = await caches.match(path)
  if (!kept) return

  const shared = await kept.formData()
  for (const name of await caches.keys()) await (await caches.open(name)).delete(path)
  const texts = ["title", "text", "url"].map((name) => shared.get(name)).filter((text) => text)
  const content = form.elements.namedItem("content")
  if (content instanceof HTMLTextAreaElement) content.value = texts.join("\n")
  const files = form.elements.namedItem("files")
  const transfer = new DataTransfer()
  for (const file of shared.getAll("files")) if (file instanceof File) transfer.items.add(file)
  if (files instanceof HTMLInputElement) files.files = transfer.files
}
