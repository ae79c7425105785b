import { create, find } from "./elements.js"
import { emit, on } from "./events.js"
import { refreshSidebar } from "./sidebar.js"
import { onSwapAroundLog } from "./swaps.js"
import { showInbox, UnreadMarks } from "./unread-marks.js"

/** @import { ChannelNews, LevelsByPlace, NewsFrame, ShownLevels, UnreadCount, UnreadFrame } from "../src/web/live/frames.ts" */
/** @import { PageEvents } from "./events.js" */
/** @import { LiveConnection } from "./live.js" */
/** @import { OpenRoom } from "./room.js" */

const dayMs = 86_400_000
/** @type {ShownLevels} */
const usual = { level: "mentions", isMuted: false, isEveryoneSuppressed: false, areRolesSuppressed: false }

/**
 * Counts unread messages. The server sends the viewer's counts when the page goes live, and from then on what is new, the
 * same to every member: this class works out what it means for this viewer. Also reports how far the viewer has read.
 */
export class UnreadCounts {
  #room
  #live
  #marks
  /**
   * Channels with unread messages, by id; `null` before the server has sent them.
   * @type {Map<string, UnreadCount> | null}
   */
  #channels = null
  /** @type {string[]} */
  #blocked = []
  /** Unread items in the inbox. */
  #inbox = 0
  /**
   * The ids by which messages mention the viewer: their id, those of their roles, and "everyone".
   * @type {Set<string>}
   */
  #own
  /** @type {LevelsByPlace} */
  #levels = {}
  /**
   * The last message of each channel that the viewer was notified of, by its number.
   * @type {Map<string, number>}
   */
  #told = new Map()
  /** @type {[number, number] | undefined} */
  #quiet
  /**
   * Conversations that were missing in the sidebar and requested once.
   * @type {Set<string>}
   */
  #requested = new Set()
  /** After marking something as unread, nothing is reported as read until the viewer writes or comes back. */
  #isPaused = false
  #readPosition

  /**
   * @param {OpenRoom} room
   * @param {LiveConnection} live
   */
  constructor(room, live) {
    this.#room = room
    this.#live = live
    this.#own = new Set([room.viewerId, "everyone"])
    this.#marks = new UnreadMarks(room.channelId)
    this.#readPosition = room.readPosition
    on(
      "live:frame",
      (frame) => {
        if (frame.type === "unread") this.#reset(frame)
        else if (frame.type === "news") for (const news of frame.news) this.#add(frame, news)
        this.#show()
        this.#requestMissing()
      },
      room.signal,
    )
    const until = { signal: room.signal }
    // A swap may have replaced the links.
    onSwapAroundLog(() => this.#show(), room.signal)
    document.addEventListener("visibilitychange", () => this.#show(), until)
    on("log:moved", () => this.#show(), room.signal)
    on("log:read", ({ position }) => this.#read(position), room.signal)
    const pause = (/** @type {{ channelId: string }} */ { channelId }) => {
      if (channelId === room.channelId) this.#isPaused = true
    }
    on("log:unread", pause, room.signal)
    for (const event of /** @type {const} */ (["log:pending", "log:all-read"])) {
      const resume = () => {
        this.#isPaused = false
      }
      on(event, resume, room.signal)
    }
  }

  /** @param {UnreadFrame} frame */
  #reset({ unread, blocked, blocks, roles, rolesVersion, levels, quiet, inbox, told = [] }) {
    this.#levels = levels
    this.#quiet = quiet
    this.#inbox = inbox
    // The first ones are older than the page.
    for (const one of told) this.#tell({ ...one, isForViewer: true }, this.#channels === null)
    this.#channels = new Map(unread.map((count) => [count.channelId, count]))
    this.#blocked = blocked
    this.#own = new Set([this.#room.viewerId, "everyone", ...roles])
    replaceStyles("blocked-styles", blocks && `/account/blocked.css?v=${blocks}`)
    replaceStyles("held-roles-styles", rolesVersion && `/account/roles.css?v=${rolesVersion}`)
  }

  /**
   * @param {NewsFrame} frame
   * @param {ChannelNews} news
   */
  #add({ serverId, isConversation }, { channelId, from, to, by, mentions }) {
    if (!this.#channels) return

    const { viewerId } = this.#room
    const levels = this.#levelsIn(channelId, serverId, isConversation)
    /** @type {UnreadCount} */
    const count = this.#channels.get(channelId) ?? {
      channelId,
      serverId,
      unread: 0,
      mentions: 0,
      messageCount: from,
      isConversation,
      isMuted: levels.isMuted,
    }
    // The counts may include some of it already.
    const added = to - Math.max(from, count.messageCount) - (by[viewerId] ?? 0)
    const wanted = this.#blocked.reduce((rest, id) => rest - (by[id] ?? 0), added)
    const forViewer = mentions.filter(
      (one) =>
        one.by !== viewerId &&
        !this.#blocked.includes(one.by) &&
        one.of.some((id) => this.#own.has(id) && isCounted(id, viewerId, levels)),
    )
    const isAll = levels.level === "everything" && !levels.isMuted
    count.messageCount = Math.max(to, count.messageCount)
    count.unread += Math.max(0, added)
    count.mentions = count.isConversation && isAll ? count.unread : count.mentions + forViewer.length
    if (count.unread > 0) this.#channels.set(channelId, count)
    // The server sends a new count of what notifies one person alone.
    if (!isConversation) this.#inbox += forViewer.filter((one) => !one.of.includes(viewerId)).length
    if (wanted <= 0 || levels.isMuted || levels.level === "nothing") return

    this.#tell({ serverId, channelId, to, isForViewer: isAll || forViewer.length > 0 })
  }

  /**
   * Of a message that mentions the viewer both the news and the next counts tell.
   * @param {PageEvents["reading:news"]} news
   */
  #tell(news, isKnown = false) {
    const { channelId, to, isForViewer } = news
    if (isForViewer) {
      if ((this.#told.get(channelId) ?? 0) >= to) return
      this.#told.set(channelId, to)
    }
    if (!isKnown && !this.#isQuiet) emit("reading:news", news)
  }

  /**
   * @param {string} channelId
   * @param {string} serverId
   * @param {boolean} isConversation
   * @returns {ShownLevels}
   */
  #levelsIn(channelId, serverId, isConversation) {
    const all = this.#levels
    const around = isConversation ? all.conversations : (all[serverId] ?? all.account)
    return all[channelId] ?? around ?? { ...usual, level: isConversation ? "everything" : "mentions" }
  }

  /** Quiet hours come back every day. */
  get #isQuiet() {
    if (!this.#quiet) return false
    const [from, until] = this.#quiet
    const passed = Date.now() - from
    return passed >= 0 && passed % dayMs < until - from
  }

  #show() {
    if (!this.#channels) return
    this.#marks.show(this.#channels, (...place) => this.#levelsIn(...place))
    showInbox(this.#inbox)
  }

  /** @param {number} position */
  #read(position) {
    if (this.#isPaused || position <= this.#readPosition) return

    this.#readPosition = position
    this.#channels?.delete(this.#room.channelId)
    this.#live.sendRead(position)
  }

  /** Reloads the sidebar if somebody opened a conversation that is not in its list. */
  #requestMissing() {
    const list = find(document, "#channels.conversations")
    if (!list || !this.#channels) return

    const missing = [...this.#channels]
      .filter(([, { isConversation }]) => isConversation)
      .map(([id]) => id)
      .filter((id) => !this.#requested.has(id) && !find(list, `a[data-channel="${CSS.escape(id)}"]`))
    if (missing.length === 0) return

    for (const id of missing) this.#requested.add(id)
    refreshSidebar()
  }
}

/**
 * The viewer may have blocked somebody on another device, or have other roles: loads the style sheet again that says so.
 * @param {string} id
 * @param {string | undefined} url
 */
function replaceStyles(id, url) {
  const known = document.getElementById(id)
  if ((known?.getAttribute("href") ?? undefined) === url) return

  if (url) document.head.append(create("link", { id, rel: "stylesheet", href: url }))
  known?.remove()
}

/**
 * Does a mention by this id count, which is the viewer's, "everyone" or that of a role?
 * @param {string} id
 * @param {string} viewerId
 * @param {ShownLevels} levels
 */
function isCounted(id, viewerId, { level, isEveryoneSuppressed, areRolesSuppressed }) {
  if (level === "nothing") return false
  return id === viewerId || !(id === "everyone" ? isEveryoneSuppressed : areRolesSuppressed)
}
