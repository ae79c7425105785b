/** Starts what every page does, and on a room's page the chat. */

import { Appearance } from "./appearance.js"
import { keepCurrentChannelVisible, showCurrentChannel } from "./channels.js"
import { Composer } from "./composer.js"
import { ComposerGate } from "./composer-state.js"
import { loadPanelStyles, PageDialog } from "./dialog.js"
import { DraftMarks } from "./drafts.js"
import { EarlyKeys } from "./early-keys.js"
import { find } from "./elements.js"
import { watchForEmoji } from "./emoji-watch.js"
import { on } from "./events.js"
import { FocusKeeper } from "./focus.js"
import { loadLater } from "./later.js"
import { LiveConnection } from "./live.js"
import { MessageLogView } from "./log.js"
import { keepMembersGrouped, TypingMembers } from "./members.js"
import { UnreadCounts } from "./reading.js"
import { readRoom } from "./room.js"
import { RovingFocus } from "./roving-focus.js"
import { SidebarUpdater } from "./sidebar.js"
import { storedKeys } from "./storage.js"
import { Switcher } from "./switcher.js"
import { LocalTimes } from "./times.js"
import { TypingFocus } from "./typing-focus.js"
import { UnreadDivider } from "./unread-divider.js"
import { noteVisit } from "./visits.js"

/** @import { LogPlace } from "./log-place.js" */
/** @import { OpenRoom } from "./room.js" */

const retryMs = 5000

const times = new LocalTimes()
// Before FocusKeeper: a panel that is swapped in moves the focus itself.
const dialog = new PageDialog(times)
new Switcher(dialog)
const earlyKeys = new EarlyKeys()
new FocusKeeper()
new Appearance()
watchForEmoji()
const isInstalled = matchMedia("(display-mode: standalone)").matches
/** Nowhere else is a service worker. */
const deviceNotices =
  isInstalled || navigator.serviceWorker?.controller ? import("./device-notices.js").catch(() => null) : null
deviceNotices?.then((notices) => notices?.registerWorker())
const viewerId = find(document, ".app")?.dataset.viewer
if (viewerId) {
  new DraftMarks(viewerId)
  sendLeftMessages(viewerId)
}
document.getElementById("try-sound")?.addEventListener("click", () => play("mentions"))
if (document.getElementById("desktop-notices"))
  import("./desktop-notices.js").then(({ startButton }) => startButton())

const searchPage = find(document, "main.search")
if (searchPage) import("./search.js").then(({ completeSearch }) => completeSearch(searchPage, viewerId ?? ""))

if (find(document, "#channel-order, #role-order"))
  import("./orders.js").then(({ startOrders }) => startOrders())

/** Ends what belongs to the room that is shown. */
let roomScope = new AbortController()
const firstRoom = readRoom(roomScope.signal, requestTime())
if (firstRoom) new TypingFocus()
if (firstRoom?.element._htmx) startChat(firstRoom)
// Before htmx has initialized the page, it would ignore what it is asked for.
else if (firstRoom)
  document.addEventListener("htmx:after:process", () => startChat(firstRoom), { once: true })

onFirstInput(loadInteraction)

/** Without a connection it is missing, and requested again a while later. */
async function loadInteraction() {
  // With its styles: toolbars would move what they are added to.
  const loading = Promise.all([
    loadLater("interaction.js", () => import("./interaction.js")),
    loadPanelStyles(),
  ])
  const [interaction] = await loading.catch(() => [])
  if (!interaction) {
    earlyKeys.forget()
    return setTimeout(() => onFirstInput(loadInteraction), retryMs)
  }
  interaction.startInteraction({ viewerId: viewerId ?? "", hasRoom: firstRoom !== null, dialog, close, open })
  earlyKeys.repeat()
}

/**
 * Runs something once, when somebody moves, touches or types for the first time.
 * @param {() => void} run
 */
function onFirstInput(run) {
  const until = new AbortController()
  const start = () => {
    until.abort()
    run()
  }
  for (const event of ["pointerover", "pointerdown", "keydown"])
    document.addEventListener(event, start, { signal: until.signal, capture: true })
}

/**
 * Sends what waits in other rooms, now and whenever the server can be reached again.
 * @param {string} viewerId
 */
function sendLeftMessages(viewerId) {
  const send = async () => {
    const keys = storedKeys(`outbox:${viewerId}:`)
    if (keys.length === 0) return

    const left = await loadLater("left-messages.js", () => import("./left-messages.js")).catch(() => null)
    left?.sendLeftMessages(keys)
  }
  send()
  on("live:up", send)
}

/** @param {"mentions" | "all"} kind */
async function play(kind) {
  const sounds = await loadLater("chime.js", () => import("./chime.js")).catch(() => null)
  sounds?.playChime(kind)
}

/** When this page was requested. The clock is of now, because that of `performance` may stop while a device sleeps. */
function requestTime() {
  const [page] = performance.getEntriesByType("navigation")
  const { requestStart = 0 } = /** @type {PerformanceNavigationTiming | undefined} */ (page) ?? {}
  return Date.now() - performance.now() + requestStart
}

/** Ends the room that is shown. */
function close() {
  roomScope.abort()
}

/**
 * Starts the room that is now in the page.
 * @param {LogPlace | null} place
 * @param {number} requestedAt
 */
function open(place, requestedAt) {
  roomScope = new AbortController()
  const next = readRoom(roomScope.signal, requestedAt)
  if (next) startRoom(next, place)
}

/** @param {OpenRoom} room */
function startChat(room) {
  keepCurrentChannelVisible()
  keepMembersGrouped()
  startRoom(room, null)
}

/**
 * @param {OpenRoom} room
 * @param {LogPlace | null} place where its log was left
 */
function startRoom(room, place) {
  const { signal } = room
  const live = new LiveConnection(room)
  noteVisit(room)
  deviceNotices?.then((notices) => notices?.closeReadNotices(room))
  showCurrentChannel()
  new UnreadCounts(room, live)
  new SidebarUpdater(room)
  followPeople(signal)
  new TypingMembers(room.viewerId)
  new ComposerGate(signal)
  hearNews(room)
  const composer = new Composer(room, { live, times })
  new MessageLogView(room, { live, times, place })
  new RovingFocus()
  new UnreadDivider(signal)
  helpWithWriting(room, composer)
  showNotices(room)
}

/**
 * Shows other names and pictures of people, also after a reconnect: then the list of members is newer than the messages.
 * @param {AbortSignal} signal
 */
function followPeople(signal) {
  const load = () => loadLater("people.js", () => import("./people.js")).catch(() => null)
  on("live:frame", async (frame) => frame.type === "person" && (await load())?.showPerson(frame), signal)
  const onSwap = async (/** @type {HtmxEvents["htmx:after:swap"]} */ { detail }) => {
    if (detail.ctx?.target?.id === "around") (await load())?.followMembers()
  }
  document.addEventListener("htmx:after:swap", onSwap, { signal })
}

/**
 * Loads sounds with the first message that may have one.
 * @param {OpenRoom} room
 */
function hearNews(room) {
  const load = () =>
    loadLater("sounds.js", () => import("./sounds.js")).then(
      ({ MessageSounds }) => new MessageSounds(room, play),
    )
  /** @type {ReturnType<load> | undefined} */
  let sounds
  const hear = async (/** @type {import("./sounds.js").SoundingNews} */ news) => {
    sounds ??= load()
    // Without a connection they are missing, and requested again with the next message.
    const loaded = await sounds.catch(() => null)
    if (loaded) loaded.hear(news)
    else sounds = undefined
  }
  on("reading:news", hear, room.signal)
}

/**
 * Loads notices of the browser where it may show them.
 * @param {OpenRoom} room
 */
async function showNotices(room) {
  if (!("Notification" in window) || Notification.permission !== "granted") return

  const notices = await import("./desktop-notices.js").catch(() => null)
  if (notices) new notices.DesktopNotices(room)
}

/**
 * Loads help for the composer and for edited messages when they first get the focus.
 * @param {OpenRoom} room
 * @param {Composer} composer
 */
function helpWithWriting({ path, signal }, composer) {
  const help = async (/** @type {EventTarget | null} */ text) => {
    if (!(text instanceof HTMLTextAreaElement && text.name === "content")) return

    // Without a connection it is missing, and requested again with the next focus.
    const writing = await loadLater("writing.js", () => import("./writing.js")).catch(() => null)
    const attach = (/** @type {File} */ file) => text === composer.text && composer.attachText(file)
    writing?.helpWith(text, { roomPath: path, attach })
  }
  document.addEventListener("focusin", ({ target }) => help(target), { signal })
  help(document.activeElement)
}
