import { byId, find, findAll } from "./elements.js"

/** @import { ShownLevels, UnreadCount } from "../src/web/live/frames.ts" */

const maxShown = 99

/** Shows unread counts at links, in the title and in the tab's icon, as `views/reading.tsx` does. */
export class UnreadMarks {
  #channelId
  #icon = find(document, 'link[rel="icon"]', HTMLLinkElement)
  #icons = {
    none: this.#icon?.href,
    unread: this.#icon?.dataset.unread,
    mentions: this.#icon?.dataset.mentions,
  }

  /** @param {string} channelId the channel that this page shows */
  constructor(channelId) {
    this.#channelId = channelId
  }

  /**
   * @param {Map<string, UnreadCount>} channels
   * @param {(channelId: string, serverId: string, isConversation: boolean) => ShownLevels} levelsIn
   */
  show(channels, levelsIn) {
    const elsewhere = [...channels.values()].filter(({ channelId }) => channelId !== this.#channelId)
    for (const link of findAll(document, "a[data-channel]")) {
      const { channel = "" } = link.dataset
      const count = channel === this.#channelId ? undefined : channels.get(channel)
      showCount(link, count ? [count] : [])
      const [, , serverId = ""] = link.getAttribute("href")?.split("/") ?? []
      const isConversation = link.closest(".conversations, .talks") !== null
      link.classList.toggle("muted", levelsIn(channel, serverId, isConversation).isMuted)
    }
    for (const link of findAll(document, "a[data-server]")) {
      showCount(
        link,
        elsewhere.filter(({ serverId }) => serverId === link.dataset.server),
      )
    }
    const conversations = elsewhere.filter(({ isConversation }) => isConversation)
    for (const link of findAll(document, "a[data-direct]")) showCount(link, conversations)
    const here = channels.get(this.#channelId)
    const levels = here && levelsIn(here.channelId, here.serverId, here.isConversation)
    this.#markTab(channels, elsewhere, here && levels && toldOf(here, levels))
  }

  /**
   * @param {Map<string, UnreadCount>} channels
   * @param {UnreadCount[]} elsewhere
   * @param {number} [unseenHere] what counts while the viewer does not look at this channel
   */
  #markTab(channels, elsewhere, unseenHere = 0) {
    const isLooking = !document.hidden && byId("jump").hidden
    const { unread } = sum(isLooking ? elsewhere : [...channels.values()])
    const unseen = isLooking ? 0 : unseenHere
    const mentions = sum(elsewhere).mentions + unseen
    // Only an installed app has a badge.
    navigator.setAppBadge?.(mentions).catch(() => {})
    const mark = mentions > 0 ? `(${short(mentions)}) ` : unread > 0 ? "• " : ""
    const title = mark + document.title.replace(/^(\(\d+\+?\)|•) /, "")
    if (document.title !== title) document.title = title
    const href = this.#icons[mentions > 0 ? "mentions" : unread > 0 ? "unread" : "none"]
    if (this.#icon && href && this.#icon.href !== href) this.#icon.href = href
  }
}

/**
 * Shows how much is unread in the inbox.
 * @param {number} count
 */
export function showInbox(count) {
  for (const link of findAll(document, "a[data-inbox]")) showTally(link, { unread: count, mentions: count })
}

/**
 * @param {HTMLElement} link
 * @param {UnreadCount[]} counts
 */
function showCount(link, counts) {
  showTally(link, sum(counts))
}

/**
 * @param {HTMLElement} link
 * @param {{ unread: number, mentions: number }} count
 */
function showTally(link, { unread, mentions }) {
  const tally = find(link, ".tally")
  const [number, label] = tally?.children ?? []
  if (!tally || !number || !label) return

  tally.classList.toggle("mentions", mentions > 0)
  tally.hidden = unread === 0
  setText(number, short(mentions || unread))
  setText(
    label,
    unread === 0 ? "" : `(${short(unread)} unread${mentions > 0 ? `, ${short(mentions)} for you` : ""})`,
  )
}

/**
 * The same text again would be laid out again.
 * @param {Element} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/**
 * While the viewer does not look at it, every message of this channel counts as a mention, unless they want to be told less.
 * @param {UnreadCount} count
 * @param {ShownLevels} levels
 */
function toldOf({ unread, mentions }, { level, isMuted }) {
  return isMuted || level === "nothing" ? mentions : unread
}

/** @param {UnreadCount[]} counts */
function sum(counts) {
  const total = { unread: 0, mentions: 0 }
  for (const { unread, mentions, isMuted } of counts) {
    total.unread += isMuted ? mentions : unread
    total.mentions += mentions
  }
  return total
}

/** @param {number} count */
function short(count) {
  return count > maxShown ? `${maxShown}+` : String(count)
}
