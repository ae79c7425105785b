/** Loaded in an installed app, and in browsers whose notifications go through the service worker. It imports nothing that every page loads too. */

/** @import { UnreadFrame } from "../src/web/live/frames.ts" */
/** @import { OpenRoom } from "./room.js" */

const workerPath = "/service-worker.js"

/** Registers the worker of an installed app, so that it has its page for when the server cannot be reached. */
export function registerWorker() {
  // If it is registered already, this checks for an update.
  navigator.serviceWorker?.register(workerPath).catch(() => {})
}

/**
 * Closes this device's notices of a channel that is read here, and those of what was read elsewhere: Apple's devices learn of
 * that only here.
 * @param {OpenRoom} room
 */
export function closeReadNotices({ channelId, signal }) {
  document.addEventListener("log:read", () => close({ tag: `channel-${channelId}` }), { signal })
  const closeOthers = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent<UnreadFrame | { type: string }>} */ (event)
    if (!("unread" in detail)) return

    const unread = new Set(detail.unread.map((count) => count.channelId))
    // Threads are not among them, and a reminder is about what was read before.
    close({}, (data) => data?.sentAt && !data.isInThread && !unread.has(data.channelId))
  }
  document.addEventListener("live:frame", closeOthers, { signal })
}

/**
 * @param {{ tag?: string }} filter
 * @param {(data: any) => boolean} [isRead]
 */
async function close(filter, isRead = () => true) {
  const registration = await navigator.serviceWorker?.getRegistration()
  // Not while one is being shown, see `static/service-worker.js`.
  await navigator.locks?.request("notices", async () => {
    const notices = (await registration?.getNotifications(filter)) ?? []
    for (const notice of notices) if (isRead(notice.data)) notice.close()
  })
}
