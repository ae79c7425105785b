/** Turns on push in this browser, on the page of devices. It imports nothing, since it is served as it is. */

const denied =
  "This browser blocks notifications from this chat. Allow it in the browser's settings for this site, then reload."
const needsHomeScreen =
  "On an iPhone or iPad push works in the app only: choose Share, then “Add to Home Screen”, and open the chat there."
const unknown = "This browser does not support push."
const insecure = "Push needs an address with https://."
const failed = "Push could not be turned on. Check the connection, then try again."

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("push"))
if (form) prepare(form)

/** @param {HTMLFormElement} form */
function prepare(form) {
  const trouble = troubleOf()
  if (trouble) return say(trouble)
  if (form.dataset.added) return say("Push is on in this browser.")

  form.hidden = false
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    say("")
    subscribe(form).catch(() => say(Notification.permission === "denied" ? denied : failed))
  })
}

/** Why there is no push here, as a sentence; empty where there is. */
function troubleOf() {
  const isApple = /iPhone|iPad/.test(navigator.userAgent)
  if (!isSecureContext) return insecure
  if ("serviceWorker" in navigator && "PushManager" in window)
    return Notification.permission === "denied" ? denied : ""
  return isApple ? needsHomeScreen : unknown
}

/**
 * Asks the person, who has just pressed a button, and sends the subscription.
 * @param {HTMLFormElement} form
 */
async function subscribe(form) {
  if ((await Notification.requestPermission()) !== "granted") return say(denied)

  await navigator.serviceWorker.register("/service-worker.js")
  const { pushManager } = await navigator.serviceWorker.ready
  // One that was made for other keys, or another account, is of no use.
  await (await pushManager.getSubscription())?.unsubscribe()
  const applicationServerKey = form.dataset.key ?? ""
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
  const { endpoint = "", keys = {} } = subscription.toJSON()
  for (const [name, value] of Object.entries({ endpoint, ...keys })) {
    const input = form.elements.namedItem(name)
    if (input instanceof HTMLInputElement) input.value = value
  }
  form.submit()
}

/** @param {string} text */
function say(text) {
  const status = document.getElementById("push-status")
  if (status) status.textContent = text
}
