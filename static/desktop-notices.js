import { byId, find } from "./elements.js"
import { on } from "./events.js"
import { StoredValue } from "./storage.js"

/** @import { OpenRoom } from "./room.js" */
/** @import { PageEvents } from "./events.js" */
/** @typedef {PageEvents["reading:news"]} News */

/** Time for other tabs to say that they are looked at. */
const waitMs = 300
/** How long a tab that shows a notice keeps the others from showing it: all of them receive a message in this time. */
const holdMs = 3000

/** Whether this browser shows notices, as chosen in it. */
export const isWanted = new StoredValue("desktop-notices", false)

/**
 * Shows a notice of the browser for messages that the viewer is told of and does not look at. Several tabs learn of one
 * message: the one that gets its lock shows it.
 */
export class DesktopNotices {
  #channelId
  #looked = new StoredValue("looked", { at: 0, channel: "" })

  /** @param {OpenRoom} room */
  constructor({ channelId, signal }) {
    this.#channelId = channelId
    const hear = (/** @type {News} */ news) => {
      if (isLookedAt()) this.#looked.value = { at: Date.now(), channel: this.#channelId }
      if (news.isForViewer) setTimeout(() => this.#claim(news), waitMs)
    }
    on("reading:news", hear, signal)
  }

  /** @param {News} news */
  #claim(news) {
    isWanted.reload()
    this.#looked.reload()
    const { at, channel } = this.#looked.value
    const isSeen = channel === news.channelId && Date.now() - at < 2 * waitMs
    if (isSeen || !isWanted.value || Notification.permission !== "granted") return

    navigator.locks.request(`notice ${news.channelId} ${news.to}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return
      await showNotice(news)
      await new Promise((resolve) => setTimeout(resolve, holdMs))
    })
  }
}

/** @param {News} news */
async function showNotice({ serverId, channelId, to }) {
  const answer = await fetch(`/servers/${serverId}/channels/${channelId}/notice?to=${to}`).catch(() => null)
  // It was deleted meanwhile, or may not be seen any more.
  if (!answer?.ok || answer.status === 204) return

  const { title, body, icon, url, ...message } = await answer.json()
  // The newer one of a channel takes the place of the older one.
  const shown = { body, icon, tag: `channel-${channelId}` }
  const registration = await navigator.serviceWorker?.getRegistration()
  if (registration?.active) {
    // Shown by the worker that push comes to, which so does not show the same message again.
    const data = { ...message, serverId, channelId, navigate: url }
    // Not while notices are listed, see `static/service-worker.js`.
    await navigator.locks.request("notices", () => registration.showNotification(title, { ...shown, data }))
    return
  }
  const notice = new Notification(title, shown)
  notice.addEventListener("click", () => {
    window.focus()
    notice.close()
    location.assign(url)
  })
}

function isLookedAt() {
  return !document.hidden && document.hasFocus() && byId("jump").hidden
}

/** The button of the settings: browsers ask their user only after a click. */
export function startButton() {
  const [button, state] = [find(document, "#desktop-notices"), find(document, "#desktop-state")]
  if (!button || !state || !("Notification" in window)) return

  const show = () => {
    const isOn = isWanted.value && Notification.permission === "granted"
    button.textContent = isOn ? "Stop showing notifications" : "Show notifications"
    state.textContent =
      Notification.permission === "denied"
        ? "Your browser blocks notifications from this site. Allow them in its settings first."
        : isOn
          ? "Notifications are on in this browser."
          : ""
  }
  button.addEventListener("click", async () => {
    const isOn = isWanted.value && Notification.permission === "granted"
    isWanted.value = !isOn && (await Notification.requestPermission()) === "granted"
    show()
  })
  show()
}
