import { closeCodes } from "../src/kernel/close-codes.ts"
import { find } from "./elements.js"

/** @import { ConnectionEnding } from "./live-banner.js" */

const toServers = { href: "/", label: "My servers", canReturn: false }

/**
 * Why a page cannot reconnect, and the link that helps; `null` if it can. `canReturn`: the viewer can come back to the
 * room, so messages that wait to be sent are kept.
 * @param {number | undefined} code
 * @param {string} [reason] the server's words
 * @returns {ConnectionEnding | null}
 */
export function reasonOfEnd(code, reason) {
  switch (code) {
    case closeCodes[400]: {
      const text = "This page is out of date. Reload it."
      return { text, href: location.href, label: "Reload", canReturn: true }
    }
    case closeCodes[401]: {
      const text = "You are logged out. Log in to continue."
      const href = `/login?next=${encodeURIComponent(location.pathname)}`
      return { text, href, label: "Log in", canReturn: true }
    }
    case closeCodes[403]: {
      const text = "You are no longer a member of this server, or may not view this channel any more."
      return { text, ...toServers }
    }
    case closeCodes[404]: {
      const text = `${reason || "This channel or its server was deleted"}.`
      return { text, ...(reason?.includes("server") ? toServers : toOtherChannel()) }
    }
    case closeCodes[409]: {
      const text = "You have too many pages open here, so this one gets no new messages."
      return { text, href: location.href, label: "Reload", canReturn: true }
    }
    default:
      return null
  }
}

/** Leads to another channel in the list, if there is one. */
function toOtherChannel() {
  const link = find(document, "#channels a[data-channel]:not([aria-current])", HTMLAnchorElement)
  return link
    ? { ...toServers, href: link.href, label: `Go to ${find(link, ".name")?.textContent}` }
    : toServers
}
