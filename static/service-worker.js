/**
 * Shows notices that the server pushes, and a page that says so when the server cannot be reached. Keeps no pages: a chat of
 * yesterday must never look like one of now. It imports nothing, since it is served as it is.
 */

/**
 * What the server sends, see `src/features/push/payload.ts`.
 * @typedef {object} PushedNotice
 * @property {string} title
 * @property {string} navigate the path or URL that a tap opens
 * @property {string} tag
 * @property {{ messageId: string, serverId: string, channelId: string, sentAt?: number }} [data]
 */

// TypeScript knows pages here, and no workers.
const worker = /** @type {any} */ (globalThis)

const cacheName = "covenant"
const offlinePath = "/offline"
const sharePath = "/share"
const sharedForm = "/share/form"

/**
 * By tag, when the message of the last notice was sent that was closed. Lost when the browser stops this worker, which is
 * some time after a page showed a notice: push of the same message is faster.
 * @type {Map<string, number>}
 */
const sentOfClosed = new Map()

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(keepOfflinePage().then(() => worker.skipWaiting()))
})

worker.addEventListener("activate", (/** @type {any} */ event) => {
  // Pages are requested while the worker starts, so that it delays none.
  const preload = worker.registration.navigationPreload?.enable()
  event.waitUntil(Promise.all([worker.clients.claim(), preload]))
})

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== worker.location.origin) return

  if (request.method === "POST" && pathname === sharePath) event.respondWith(keepShared(request))
  else if (request.method !== "GET") return
  else if (request.mode === "navigate" && request.destination === "document") event.respondWith(load(event))
  else if (!worker.navigator.onLine && pathname.startsWith("/static/")) event.respondWith(loadKept(request))
})

worker.addEventListener("push", (/** @type {any} */ event) => {
  event.waitUntil(receive(event.data.json()))
})

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  const { notification, action, reply } = event
  notification.close()
  if (action === "reply" && reply) event.waitUntil(send(notification, reply))
  else if (action === "read") event.waitUntil(markRead(notification.data))
  else event.waitUntil(open(notification.data.navigate))
})

worker.addEventListener("notificationclose", (/** @type {any} */ { notification: { tag, data } }) => {
  if (data?.sentAt) sentOfClosed.set(tag, data.sentAt)
})

worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => {
  event.waitUntil(renew(event))
})

async function keepOfflinePage() {
  const response = await fetch(offlinePath, { cache: "no-cache" })
  if (!response.ok) throw new Error(`The offline page is missing: ${response.status}`)

  const markup = await response.clone().text()
  const found = markup.matchAll(/(?:href|src)="(\/(?:static|instance)\/[^"]+)"/g)
  const files = new Set(found.map(([, path]) => path ?? ""))
  await caches.delete(cacheName)
  const cache = await caches.open(cacheName)
  await cache.addAll([...files])
  await cache.put(offlinePath, response)
}

/** @param {any} event */
async function load({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request))
  } catch {
    // Only without any response: errors of the server are shown as they are.
    return (await caches.match(offlinePath)) ?? Response.error()
  }
}

/** @param {Request} request */
async function loadKept(request) {
  return (await caches.match(request)) ?? fetch(request)
}

/**
 * Keeps what another app shares until the page has asked for the channel (`static/share.js`).
 * @param {Request} request
 */
async function keepShared(request) {
  const form = await request.formData()
  const cache = await caches.open(cacheName)
  await cache.put(sharedForm, new Response(form))
  return Response.redirect(sharePath, 303)
}

/** @param {{ notification?: PushedNotice, withdraw?: string, app_badge?: number }} message */
async function receive({ notification, withdraw, app_badge: badge }) {
  if (badge !== undefined) await (badge > 0 ? navigator.setAppBadge?.(badge) : navigator.clearAppBadge?.())
  if (withdraw) return closeNotices(withdraw)
  if (notification)
    await inTurn(async () => {
      if (!(await isShown(notification))) await show(notification)
    })
}

/**
 * Chromium forgets a notice that is being shown while notices are listed: a tap on it would do nothing, and nothing could
 * close it. Pages take the same lock.
 * @param {() => Promise<void>} work
 */
function inTurn(work) {
  return worker.navigator.locks.request("notices", work)
}

/**
 * Was the message, or a newer one of its channel, shown already? Open pages show notices, too, see
 * `static/desktop-notices.js`.
 * @param {PushedNotice} notice
 */
async function isShown({ tag, data }) {
  const { sentAt } = data ?? {}
  if (sentAt === undefined) return false

  const notices = await worker.registration.getNotifications({ tag })
  const times = [sentOfClosed.get(tag), ...notices.map((/** @type {any} */ shown) => shown.data?.sentAt)]
  return times.some((time) => time >= sentAt)
}

/** @param {PushedNotice} notice */
async function show({ title, navigate, ...notice }) {
  const actions = notice.data
    ? [
        // If the platform has no text field in notifications, the button opens the message.
        { action: "reply", type: "text", title: "Reply", placeholder: "Message" },
        { action: "read", title: "Mark as read" },
      ]
    : []
  const data = { ...notice.data, navigate }
  await worker.registration.showNotification(title, { ...notice, data, actions, renotify: true })
}

/** @param {string} tag */
function closeNotices(tag) {
  return inTurn(async () => {
    for (const notice of await worker.registration.getNotifications({ tag })) notice.close()
  })
}

/**
 * Opens a page in a window of this chat that is there, else in a new one.
 * @param {string} path
 */
async function open(path) {
  const url = new URL(path, worker.location.origin)
  // Paths only: what a notice says leads nowhere else.
  const target = worker.location.origin + url.pathname
  const [client] = await worker.clients.matchAll({ type: "window" })
  if (!client) return worker.clients.openWindow(target)

  await client.focus()
  return client.navigate(target)
}

/**
 * @param {any} notification
 * @param {string} content
 */
async function send(notification, content) {
  const { serverId, channelId, messageId } = notification.data
  const path = `/servers/${serverId}/channels/${channelId}/messages`
  const sent = await post(path, { content, replyTo: messageId, id: crypto.randomUUID() })
  if (sent) return

  const { navigate } = notification.data
  const notice = { body: content, tag: `unsent-${messageId}`, data: { navigate } }
  await inTurn(() => worker.registration.showNotification("Your reply was not sent", notice))
}

/** @param {{ serverId: string, channelId: string }} data */
function markRead({ serverId, channelId }) {
  return post(`/servers/${serverId}/channels/${channelId}/read`, {})
}

/**
 * Whether the server took a form.
 * @param {string} path
 * @param {Record<string, string>} fields
 */
async function post(path, fields) {
  try {
    const headers = { accept: "application/json" }
    const response = await fetch(path, { method: "POST", headers, body: new URLSearchParams(fields) })
    return response.ok && !response.redirected
  } catch {
    return false
  }
}

/** The push service changed the subscription: updates the server, while the session is valid. */
async function renew(/** @type {any} */ { oldSubscription, newSubscription }) {
  const subscription =
    newSubscription ?? (await worker.registration.pushManager.subscribe(oldSubscription?.options))
  const { endpoint, keys } = subscription.toJSON()
  await fetch("/account/devices-for-push", {
    method: "POST",
    body: new URLSearchParams({ endpoint, ...keys }),
    redirect: "manual",
  })
}
