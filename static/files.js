/**
 * The tray beside the composer: files that are chosen, pasted or dropped are sent to the server at once, and go with
 * the next message. What is in the tray is remembered on this device, so a draft keeps its files.
 */

/** Uploads at a time. */
const maxUnderway = 2
/** Height of what is shown of a picture in the tray, in pixels of the screen. */
const thumbPx = 112

export function startTray(room, kept, onChange) {
  const input = document.getElementById("composer-files")
  const text = document.getElementById("composer-content")
  const tray = document.getElementById("tray")
  const status = document.getElementById("tray-status")
  const maxBytes = Number(input.dataset.maxBytes)
  const maxFiles = Number(input.dataset.maxFiles)
  const tooMany = `A message has at most ${maxFiles} files.`
  let items = []

  for (const known of kept.value) show({ ...known, state: "done" })
  startViewer()

  input.addEventListener("change", () => {
    add(input.files)
    input.value = ""
    text.focus()
  })
  text.addEventListener("paste", (event) => {
    const { files } = event.clipboardData
    if (files.length === 0 || isText(event.clipboardData)) return

    event.preventDefault()
    add(files)
  })
  text.addEventListener("composer:attach", (event) => {
    if (items.length >= maxFiles) return say(tooMany)

    event.preventDefault()
    add(event.detail)
    say("That is too long for a message: it goes as a file.")
  })
  const brings = (event) => event.dataTransfer?.types.includes("Files")
  room.addEventListener("dragover", (event) => {
    if (!brings(event)) return
    event.preventDefault()
    room.classList.add("dropping")
  })
  room.addEventListener("dragleave", (event) => {
    if (!room.contains(event.relatedTarget)) room.classList.remove("dropping")
  })
  room.addEventListener("drop", (event) => {
    if (!brings(event)) return
    event.preventDefault()
    room.classList.remove("dropping")
    add(event.dataTransfer.files)
    text.focus()
  })
  // What failed for want of a connection needs nobody to ask again.
  room.addEventListener("live:up", () => {
    for (const item of items) if (item.isOffline) retry(item)
  })

  return {
    get isEmpty() {
      return items.length === 0
    },
    get isBusy() {
      return items.some(({ state }) => state === "waiting" || state === "underway")
    },
    get hasFailed() {
      return items.some(({ state }) => state === "failed")
    },
    say,
    /** The files for a message, which takes them with it. */
    take() {
      const taken = items.map(({ id, name }) => ({ id, name }))
      for (const { element } of items) element.remove()
      items = []
      remember()
      say("")
      return taken
    },
  }

  function add(files) {
    for (const file of files) {
      if (items.length >= maxFiles) {
        say(tooMany)
        break
      }
      const item = { name: file.name, file, state: "waiting" }
      show(item)
      // Nothing would make these better.
      item.isFinal = file.size > maxBytes || file.size === 0
      if (file.size > maxBytes) fail(item, `too large: at most ${Math.floor(maxBytes / 1024 ** 2)} MB`)
      else if (file.size === 0) fail(item, "empty, or a folder")
    }
    next()
  }

  function next() {
    const free = maxUnderway - items.filter(({ state }) => state === "underway").length
    for (const item of items.filter(({ state }) => state === "waiting").slice(0, Math.max(0, free)))
      send(item)
  }

  function send(item) {
    const request = new XMLHttpRequest()
    item.request = request
    item.state = "underway"
    item.isOffline = false
    update(item)
    request.open("POST", `${location.pathname}/files`)
    request.setRequestHeader("accept", "application/json")
    request.responseType = "json"
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      item.progress = loaded / total
      update(item)
    })
    request.addEventListener("load", () => {
      const [stored] = request.response?.files ?? []
      if (!stored) return fail(item, request.response?.error?.message ?? "the server did not take it")

      Object.assign(item, stored, { state: "done" })
      remember()
      update(item)
      settled()
    })
    request.addEventListener("error", () => {
      item.isOffline = true
      fail(item, "no connection")
    })
    const body = new FormData()
    body.append("files", item.file, item.file.name)
    request.send(body)
  }

  function fail(item, reason) {
    item.state = "failed"
    item.reason = reason
    update(item)
    say(`${item.name} was not attached: ${reason}`)
    settled()
  }

  function settled() {
    next()
    onChange("settled")
  }

  function retry(item) {
    item.state = "waiting"
    say("")
    update(item)
    next()
  }

  function remove(item) {
    const index = items.indexOf(item)
    items = items.filter((one) => one !== item)
    item.request?.abort()
    if (item.id) post(`/files/${item.id}/discard`)
    remember()
    item.element.remove()
    const beside = items[index] ?? items[index - 1]
    if (beside) beside.element.querySelector(".tray-remove").focus()
    else text.focus()
    say("")
    onChange("removed")
    next()
  }

  function remember() {
    kept.value = items
      .filter(({ state }) => state === "done")
      .map(({ id, name, width, alt }) => ({ id, name, width, alt }))
  }

  /** Puts a file into the tray. */
  function show(item) {
    const element = document.getElementById("tray-item").content.firstElementChild.cloneNode(true)
    const find = (selector) => element.querySelector(selector)
    item.element = element
    items.push(item)
    find(".tray-remove").addEventListener("click", () => remove(item))
    find(".tray-retry").addEventListener("click", () => retry(item))
    find(".tray-alt").value = item.alt ?? ""
    find(".tray-alt").addEventListener("change", ({ target }) => {
      item.alt = target.value
      remember()
      post(`/files/${item.id}/alt`, { alt: item.alt })
    })
    find(".tray-alt").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return
      event.preventDefault()
      text.focus()
    })
    if (item.file?.type.startsWith("image/")) showThumb(item)
    tray.append(element)
    update(item)
  }

  function update(item) {
    const { element, name, state, progress = 0, reason, id, width } = item
    const find = (selector) => element.querySelector(selector)
    element.dataset.state = state
    find(".file-name").textContent = name
    const percent = `${Math.floor(progress * 100)} %`
    find(".tray-state").textContent =
      { waiting: "waiting", underway: percent, failed: reason, done: "" }[state] ?? ""
    find("progress").hidden = state !== "underway"
    find("progress").value = progress
    find("progress").ariaLabel = `Upload of ${name}`
    find(".tray-retry").hidden = state !== "failed" || item.isFinal
    find(".tray-alt").hidden = !(state === "done" && width)
    find(".tray-alt").ariaLabel = `Description of ${name}`
    find(".tray-remove").ariaLabel = state === "underway" ? `Cancel ${name}` : `Remove ${name}`
    if (id && width && !find(".thumb img, .thumb canvas")) {
      find(".thumb").replaceChildren(
        Object.assign(document.createElement("img"), { src: `/files/${id}/preview/400`, alt: "" }),
      )
    }
  }

  /** At once, from what is here already. Browsers that cannot read it show it when the server has. */
  async function showThumb({ file, element }) {
    try {
      const bitmap = await createImageBitmap(file, { resizeHeight: thumbPx })
      const canvas = Object.assign(document.createElement("canvas"), {
        width: bitmap.width,
        height: bitmap.height,
      })
      canvas.getContext("2d").drawImage(bitmap, 0, 0)
      bitmap.close()
      element.querySelector(".thumb").replaceChildren(canvas)
    } catch {
      // It stays a sign of a file.
    }
  }

  function say(what) {
    status.textContent = what
  }
}

/** Office programs add a picture of the text that is meant. Pictures may come with a bare page, files with their names. */
function isText(clipboardData) {
  const html = clipboardData
    .getData("text/html")
    .replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<[^>]*>/g, "")
  if (html.trim() !== "") return true

  const names = [...clipboardData.files].map(({ name }) => name)
  const isName = (line) =>
    line === "" || line.startsWith("file:") || names.includes(line.split(/[\\/]/).at(-1))
  return !clipboardData
    .getData("text/plain")
    .split("\n")
    .every((line) => isName(line.trim()))
}

/** Looking at pictures, arrow keys lead to those beside. */
function startViewer() {
  const dialog = document.getElementById("dialog")
  let towards = "next"
  document.addEventListener("keydown", (event) => {
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key]
    if (!rel || !dialog?.open || !dialog.querySelector(".viewer")) return

    towards = rel
    dialog.querySelector(`[rel="${rel}"]`)?.click()
  })
  document.addEventListener("htmx:after:swap", () => {
    const viewer = dialog?.querySelector(".viewer")
    if (!viewer || viewer.contains(document.activeElement)) return

    const link = viewer.querySelector(`[rel="${towards}"]`) ?? viewer.querySelector("nav a")
    link?.focus()
  })
}

function post(path, fields = {}) {
  return fetch(path, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(fields),
  }).catch(() => {})
}
