/** Pages of a PDF as pictures of their own. PDF.js draws them: neither scripts nor forms of the file do anything. */

/** Pages that are made room for: a file may say that it has a million. */
const maxPages = 500
/** Pixels of one page when it is drawn, and of one picture in it. */
const maxPagePixels = 8_000_000
const maxImagePixels = 50_000_000

/**
 * Draws the pages into an element as they come into view, and forgets those that are far away.
 * @param {HTMLElement} element
 */
export async function showPdf(element) {
  const status = /** @type {HTMLElement} */ (element.querySelector(".pdf-status"))
  status.textContent = "Loading…"
  try {
    const pdf = await openPdf(element)
    await layOut(element, pdf)
    const left = pdf.numPages - maxPages
    status.textContent = left > 0 ? `The first ${maxPages} of ${pdf.numPages} pages` : ""
  } catch (error) {
    const isLocked = error instanceof Error && error.name === "PasswordException"
    status.textContent = isLocked
      ? "This PDF needs a password. Download it to open it."
      : "This PDF cannot be shown here. Download it to look at it."
  }
}

/** @param {HTMLElement} element */
async function openPdf({ dataset: { file = "", library = "" } }) {
  const { getDocument, GlobalWorkerOptions } = await import(library)
  const folder = new URL("..", new URL(library, location.href)).href
  GlobalWorkerOptions.workerSrc = `${folder}build/pdf.worker.min.mjs`
  return getDocument({
    url: file,
    cMapUrl: `${folder}cmaps/`,
    standardFontDataUrl: `${folder}standard_fonts/`,
    iccUrl: `${folder}iccs/`,
    wasmUrl: `${folder}wasm/`,
    // The page's policy forbids to compile anything: the decoders are scripts then.
    useWasm: false,
    enableXfa: false,
    maxImageSize: maxImagePixels,
    // Of a large file only the pages that are looked at are fetched.
    disableAutoFetch: true,
  }).promise
}

/**
 * @param {HTMLElement} element
 * @param {any} pdf
 */
async function layOut(element, pdf) {
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 })
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) draw(/** @type {HTMLElement} */ (target), pdf)
        else target.querySelector("canvas")?.remove()
      }
    },
    { root: element, rootMargin: "100% 0px" },
  )
  for (let number = 1; number <= Math.min(pdf.numPages, maxPages); number++) {
    const page = document.createElement("div")
    page.className = "pdf-page"
    page.dataset.page = String(number)
    page.style.aspectRatio = `${first.width} / ${first.height}`
    element.append(page)
    observer.observe(page)
  }
}

/**
 * @param {HTMLElement} element
 * @param {any} pdf
 */
async function draw(element, pdf) {
  if (element.querySelector("canvas")) return

  const number = Number(element.dataset.page)
  const canvas = document.createElement("canvas")
  canvas.setAttribute("role", "img")
  canvas.setAttribute("aria-label", `Page ${number} of ${pdf.numPages}`)
  element.append(canvas)
  const page = await pdf.getPage(number)
  const { width, height } = page.getViewport({ scale: 1 })
  element.style.aspectRatio = `${width} / ${height}`
  const wanted = (element.clientWidth / width) * Math.min(devicePixelRatio, 2)
  const viewport = page.getViewport({ scale: Math.min(wanted, Math.sqrt(maxPagePixels / (width * height))) })
  canvas.width = Math.max(1, Math.floor(viewport.width))
  canvas.height = Math.max(1, Math.floor(viewport.height))
  await page.render({ canvas, viewport }).promise
  if (!element.querySelector(".visually-hidden")) element.append(await textOf(page))
}

/** The text of a page, for screen readers.
 * @param {any} page
 */
async function textOf(page) {
  const { items } = await page.getTextContent()
  const text = document.createElement("p")
  text.className = "visually-hidden"
  text.textContent = items.map(({ str = "", hasEOL = false }) => (hasEOL ? `${str}\n` : str)).join("")
  return text
}
