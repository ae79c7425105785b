import { on } from "./events.js"

/** @import { OpenRoom } from "./room.js" */

const workerPath = "/service-worker.js"

/** Registers the worker of an installed app, so that it has its page for when the server cannot be reached. */
export function registerWorker() {
  if (!("serviceWorker" in navigator)) return
  const isInstalled = matchMedia("(display-mode: standalone)").matches
  // If it is registered already, this checks for an update.
  if (isInstalled || navigator.serviceWorker.controller)
    navigator.serviceWorker.register(workerPath).catch(() => {})
}

/**
 * Closes this device's notices of a channel that is read here.
 * @param {OpenRoom} room
 */
export function closeNoticesWhenRead({ channelId, signal }) {
  const close = async () => {
    const registration = await navigator.serviceWorker?.getRegistration()
    const notices = (await registration?.getNotifications({ tag: `channel-${channelId}` })) ?? []
    for (const notice of notices) notice.close()
  }
  on("log:read", close, signal)
}

/**
 * Shows on the icon of an installed app how many messages are for its person.
 * @param {number} count
 */
export function showBadge(count) {
  // Only an installed app has a badge.
  navigator.setAppBadge?.(count).catch(() => {})
}
