/**
 * How much is unread, on the links that lead there, in the title and on the tab's icon. The server says what is
 * unread for this reader, and then to all alike what is new; what that means for this reader is counted here.
 *
 * Also tells the server how far one has read, unless one has just marked something as unread.
 */

import { askAround } from "./around.js"

/** More than this is not told apart. */
const maxShown = 99

export function startReading(room, live) {
  const me = room.dataset.viewer
  const here = room.dataset.channel
  const icon = document.querySelector('link[rel="icon"]')
  const icons = { none: icon?.href, unread: icon?.dataset.unread, mentions: icon?.dataset.mentions }
  /** What is unread by channel; channels with nothing are not in it. `null` until the server has told. */
  let channels = null
  let blocked = []
  /** Conversations that were not in the list when they were heard of. */
  const asked = new Set()
  let isPaused = false
  let readUpTo = Number(room.dataset.read)

  room.addEventListener("live:told", ({ detail }) => {
    if (detail.type === "unread") take(detail)
    else if (detail.type === "news" && channels) for (const one of detail.news) add(detail, one)
    show()
    arrange()
  })
  // The lists were sent again, as things stood then.
  document.addEventListener("htmx:after:swap", show)
  document.addEventListener("visibilitychange", show)
  document.addEventListener("log:moved", show)
  document.addEventListener("log:read", ({ detail }) => {
    if (isPaused || detail.position <= readUpTo) return

    readUpTo = detail.position
    channels?.delete(here)
    live.post("read", { position: readUpTo }).catch(() => {})
  })

  // What one has marked as unread stays so until one writes, comes back, or says otherwise.
  document.addEventListener("log:unread", () => {
    isPaused = true
  })
  for (const event of ["log:pending", "log:all-read"]) {
    document.addEventListener(event, () => {
      isPaused = false
    })
  }

  function take({ unread, blocked: ids, blocks }) {
    channels = new Map(unread.map((one) => [one.channelId, one]))
    blocked = ids
    fold(blocks)
  }

  /** Whom one has blocked may have changed on another device. */
  function fold(version) {
    const known = document.getElementById("blocked-styles")
    const address = version && `/account/blocked.css?v=${version}`
    if ((known?.getAttribute("href") ?? undefined) === address) return

    const styles = { id: "blocked-styles", rel: "stylesheet", href: address }
    if (address) document.head.append(Object.assign(document.createElement("link"), styles))
    known?.remove()
  }

  function add({ serverId, isConversation }, { channelId, from, to, by, mentions }) {
    const known = channels.get(channelId) ?? {
      serverId,
      unread: 0,
      mentions: 0,
      messageCount: from,
      isConversation,
    }
    const fresh = to - Math.max(from, known.messageCount) - (by[me] ?? 0)
    const wanted = blocked.reduce((rest, id) => rest - (by[id] ?? 0), fresh)
    const forMe = mentions.filter(
      (one) =>
        one.by !== me && !blocked.includes(one.by) && (one.of.includes(me) || one.of.includes("everyone")),
    )
    known.messageCount = Math.max(to, known.messageCount)
    known.unread += Math.max(0, fresh)
    known.mentions = known.isConversation ? known.unread : known.mentions + forMe.length
    if (known.unread > 0) channels.set(channelId, known)
    if (wanted <= 0) return

    const news = { channel: channelId, isForMe: known.isConversation || forMe.length > 0 }
    document.dispatchEvent(new CustomEvent("reading:news", { detail: news }))
  }

  function show() {
    if (!channels) return

    const elsewhere = [...channels].filter(([id]) => id !== here)
    for (const link of document.querySelectorAll("a[data-channel]")) {
      const count = link.dataset.channel === here ? undefined : channels.get(link.dataset.channel)
      write(link, count ? [count] : [])
    }
    for (const link of document.querySelectorAll("a[data-server]")) {
      const inside = elsewhere.filter(([, { serverId }]) => serverId === link.dataset.server)
      write(
        link,
        inside.map(([, count]) => count),
      )
    }
    const direct = elsewhere.filter(([, { isConversation }]) => isConversation)
    for (const link of document.querySelectorAll("a[data-direct]")) {
      write(
        link,
        direct.map(([, count]) => count),
      )
    }
    const isLooking = !document.hidden && document.getElementById("jump").hidden
    const all = (isLooking ? elsewhere : [...channels]).map(([, count]) => count)
    const { unread } = sum(all)
    // What is said here is for oneself too, while one does not look.
    const unseen = isLooking ? 0 : (channels.get(here)?.unread ?? 0)
    const forMe = sum(elsewhere.map(([, count]) => count)).mentions + unseen
    const mark = forMe > 0 ? `(${short(forMe)}) ` : unread > 0 ? "• " : ""
    const title = mark + document.title.replace(/^(\(\d+\+?\)|•) /, "")
    if (document.title !== title) document.title = title
    const href = forMe > 0 ? icons.mentions : unread > 0 ? icons.unread : icons.none
    if (icon && icon.href !== href) icon.href = href
  }

  /** A conversation that somebody has begun is not in the list yet: then it is asked for again, once. */
  function arrange() {
    const list = document.querySelector("#channels.conversations")
    if (!list || !channels) return

    const fresh = [...channels].filter(
      ([id, { isConversation }]) =>
        isConversation && !asked.has(id) && !list.querySelector(`a[data-channel="${CSS.escape(id)}"]`),
    )
    if (fresh.length === 0) return

    for (const [id] of fresh) asked.add(id)
    askAround()
  }

  /** As `Tally` in `views/reading.tsx` says it. */
  function write(link, counts) {
    const tally = link.querySelector(".tally")
    if (!tally) return

    const { unread, mentions } = sum(counts)
    const words =
      unread === 0 ? "" : `(${short(unread)} unread${mentions > 0 ? `, ${short(mentions)} for you` : ""})`
    const [number, phrase] = tally.children
    tally.classList.toggle("mentions", mentions > 0)
    tally.hidden = unread === 0
    number.textContent = short(mentions || unread)
    phrase.textContent = words
  }
}

function sum(counts) {
  const total = { unread: 0, mentions: 0 }
  for (const { unread, mentions } of counts) {
    total.unread += unread
    total.mentions += mentions
  }
  return total
}

function short(count) {
  return count > maxShown ? `${maxShown}+` : String(count)
}
