import { visiblePlace } from "./log-place.js"
import { PagePrefetch } from "./page-prefetch.js"
import { refreshSidebar } from "./sidebar.js"
import { TypeAhead } from "./type-ahead.js"

/** @import { LogPlace } from "./log-place.js" */

/** Shorter waits show nothing. */
const skeletonMs = 300
/** With more messages below it, a place is not on the first page of the log. */
const maxBelow = 40
/** Paths of rooms, and of what leads to one: servers, conversations and permalinks. */
const roomPaths = /^\/(servers\/[^/]+(\/channels\/[^/]+)?|messages\/([^/]+))$/

/**
 * Opens other rooms in this page: what is around a room stays, nothing flashes, and back and forward work. Whatever is no
 * room is opened by the browser, as are rooms where anything fails.
 *
 * htmx notices when people go back and forward, asks whether it should restore a page, and is answered no.
 */
export class RoomSwitch {
  #close
  #open
  /** @type {AbortController | undefined} */
  #request
  /** The path of the room that was asked for last. */
  #asked = ""
  #typeAhead = new TypeAhead()
  #prefetch = new PagePrefetch((link) => {
    const url = this.#urlOf(link)
    return url && url.pathname !== location.pathname ? this.#withPlace(url) : null
  })
  /** The last places in logs, by channel.
   * @type {Map<string, LogPlace | null>}
   */
  #places = new Map()
  /** Did the lists around the room change since the next page was requested? Its lists may be older. */
  #haveListsChanged = false

  /**
   * @param {object} options
   * @param {() => void} options.close ends what belongs to the room that is shown
   * @param {(place: LogPlace | null, requestedAt: number) => void} options.open starts the room that is now in the page
   */
  constructor({ close, open }) {
    this.#close = close
    this.#open = open
    markEntry()
    document.addEventListener("click", (event) => this.#onClick(event))
    document.addEventListener("htmx:after:request", (event) => {
      const { request, hx } = event.detail.ctx
      // Opened from a card, to write: the composer takes the focus, as after a click on the conversation.
      if (!hx?.redirect || !/\/conversations$/.test(request.action)) return

      event.preventDefault()
      this.#show(hx.redirect, { isTraversal: false })
    })
    document.addEventListener("htmx:before:request", ({ detail }) => {
      if (detail.ctx.target?.id === "around") this.#haveListsChanged = true
    })
    addEventListener("pagehide", () => {
      const [, channelId] = this.#asked.match(/\/channels\/([^/]+)$/) ?? []
      const viewerId = document.querySelector(".app")?.getAttribute("data-viewer")
      if (channelId) this.#typeAhead.leave(`draft:${viewerId}:${channelId}`)
    })
    // What could not be opened in this page was opened by the browser, and the viewer has come back.
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return
      this.#typeAhead.cancel()
      markCurrent(location.pathname)
    })
    document.addEventListener("htmx:before:history:restore", (event) => {
      event.preventDefault()
      this.#show(location.href, { isTraversal: true })
    })
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const { target } = event
    const link = target instanceof Element ? target.closest("a[href]") : null
    const url = link && !event.defaultPrevented && isPlain(event) ? this.#urlOf(link) : null
    if (!url) return

    event.preventDefault()
    this.#show(url.href, { isTraversal: false })
  }

  /**
   * The address of the room that a link leads to, if it is opened in this page.
   * @param {Element} link
   */
  #urlOf(link) {
    if (!(link instanceof HTMLAnchorElement) || link.matches("[target], [download], [data-dialog]"))
      return null

    const path = link.origin === location.origin ? link.pathname.match(roomPaths) : null
    // A page of history, or a place in this one.
    if (!path || (link.search && !link.search.includes("around="))) return null

    const hash = path[3] ? `#message-${path[3]}` : link.hash
    return new URL(link.pathname + link.search + hash, location.href)
  }

  /**
   * @param {string} url
   * @param {{ isTraversal: boolean }} options
   */
  async #show(url, { isTraversal }) {
    this.#request?.abort()
    const request = new AbortController()
    this.#request = request
    this.#haveListsChanged = false
    const room = byId("room")
    this.#typeAhead.start()
    this.#asked = new URL(url, location.href).pathname
    markCurrent(this.#asked)
    const waiting = setTimeout(() => room.classList.add("opening"), skeletonMs)
    try {
      const { page, finalUrl, requestedAt } = await this.#load(new URL(url, location.href), request.signal)
      if (!page || !this.#fits(page)) return location.assign(url)

      this.#swap(page, { url: isTraversal ? location.href : finalUrl, requestedAt })
    } catch {
      if (!request.signal.aborted) location.assign(url)
    } finally {
      clearTimeout(waiting)
      room.classList.remove("opening")
    }
  }

  /**
   * @param {URL} url
   * @param {AbortSignal} signal
   */
  async #load(url, signal) {
    const loaded = await this.#prefetch.load(this.#withPlace(url), signal)
    const final = new URL(loaded.finalUrl)
    final.hash = url.hash
    return { ...loaded, finalUrl: final.href }
  }

  /**
   * With the place where its log was left in history, beyond the first page.
   * @param {URL} url
   */
  #withPlace(url) {
    const [, channelId = ""] = url.pathname.match(/^\/servers\/[^/]+\/channels\/([^/]+)$/) ?? []
    const place = this.#places.get(channelId)
    if (place && place.below > maxBelow && !url.search) url.search = `?around=${place.messageId}`
    return url
  }

  /**
   * Is it a room for the same viewer, with the scripts and styles of this page?
   * @param {Document} page
   */
  #fits(page) {
    const viewerOf = (/** @type {Document} */ one) => one.querySelector(".app")?.getAttribute("data-viewer")
    const isSame = (/** @type {string} */ selector) =>
      page.querySelector(selector)?.outerHTML === document.querySelector(selector)?.outerHTML
    return (
      page.querySelector("#room") !== null &&
      viewerOf(page) === viewerOf(document) &&
      ["script[src]", 'link[href*="/app.css"]'].every(isSame)
    )
  }

  /**
   * @param {Document} page
   * @param {{ url: string, requestedAt: number }} options
   */
  #swap(page, { url, requestedAt }) {
    const old = byId("room")
    const { channel: oldChannel = "" } = old.dataset
    const isOtherServer = nameOf(page, "#channels") !== nameOf(document, "#channels")
    this.#places.set(oldChannel, placeInLog())
    this.#close()

    const room = document.adoptNode(/** @type {HTMLElement} */ (page.getElementById("room")))
    old.replaceWith(room)
    document.title = page.title
    document.body.className = page.body.className
    for (const id of ["held-roles-styles", "blocked-styles"]) takeStyles(page, id)
    if (url === location.href) markEntry()
    else history.pushState({ htmx: true }, "", url)
    htmx.process(room)
    // The lists of the same server are right but for details: what was clicked comes first.
    if (isOtherServer || document.hidden) morph(page, isOtherServer)
    else {
      markCurrent(location.pathname)
      if (!this.#haveListsChanged)
        requestAnimationFrame(() => setTimeout(() => room.isConnected && morph(page, false)))
    }
    const dialog = byId("dialog")
    if (dialog instanceof HTMLDialogElement) dialog.close()
    for (const drawer of document.querySelectorAll(":popover-open"))
      if (drawer instanceof HTMLElement) drawer.hidePopover()
    const isAsked = /[?&]around=|#message-/.test(url)
    const { channel = "" } = room.dataset
    const place = this.#places.get(channel)
    this.#open(place && (!isAsked || url.includes(place.messageId)) ? place : null, requestedAt)
    if (this.#haveListsChanged) refreshSidebar()
    const target = url.includes("#message-") && document.getElementById(new URL(url).hash.slice(1))
    // Not `:target`: the browser has not navigated.
    if (target) target.classList.add("highlight")
    byId("announcer").textContent = room.querySelector("h1")?.textContent.trim() ?? ""
    if (matchMedia("(pointer: fine)").matches) byId("composer-content").focus({ preventScroll: true })
    this.#typeAhead.end()
  }
}

/**
 * The current place in the log; `null` at its end.
 * @returns {LogPlace | null}
 */
function placeInLog() {
  const { scrollHeight, scrollTop, clientHeight } = byId("log")
  const isLive = byId("messages").hasAttribute("data-live")
  if (isLive && scrollHeight - scrollTop - clientHeight < 100) return null

  const place = visiblePlace()
  return place && !isLive ? { ...place, below: Number.POSITIVE_INFINITY } : place
}

/** htmx asks only about entries that it knows. */
function markEntry() {
  if (!history.state?.htmx) history.replaceState({ ...history.state, htmx: true }, "")
}

/**
 * The name of the server, or of the list of conversations.
 * @param {Document} page
 * @param {string} selector
 */
function nameOf(page, selector) {
  return page.querySelector(`${selector} h2`)?.textContent
}

/**
 * Marks the channel of an address in the list, unless it is not there.
 * @param {string} path
 */
function markCurrent(path) {
  const links = [...document.querySelectorAll("#channels a[data-channel]")]
  const current = links.find((link) => link.getAttribute("href") === path)
  if (current) for (const link of links) link.ariaCurrent = link === current ? "page" : null
}

/**
 * Updates the lists around the room in place, so that they keep their scroll positions.
 * @param {Document} page
 * @param {boolean} isOtherServer
 */
function morph(page, isOtherServer) {
  const partials = ["servers", "channels", "members"].map((id) => {
    const next = page.getElementById(id)
    const swap = id === "channels" && isOtherServer ? "outerHTML" : "outerMorph"
    return next ? `<hx-partial hx-target="#${id}" hx-swap="${swap}">${next.outerHTML}</hx-partial>` : ""
  })
  htmx.swap({ sourceElement: document.body, target: "#around", swap: "innerHTML", text: partials.join("") })
}

/**
 * @param {Document} page
 * @param {string} id
 */
function takeStyles(page, id) {
  const [known, next] = [document.getElementById(id), page.getElementById(id)]
  if (known?.outerHTML === next?.outerHTML) return

  if (next) document.head.append(document.adoptNode(next))
  known?.remove()
}

/**
 * The element with this id, which every room has.
 * @param {string} id
 */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id))
}

/**
 * Does a click follow a link in this tab?
 * @param {MouseEvent} event
 */
function isPlain(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
}
