// A connection carries one request, so that what follows a head can pass through unread. Both sides are told so.

const lineEnd = "\r\n"
const close = "Connection: close"
/** `Expect` too: an interim response would be a second head. */
const dropped = /^(connection|keep-alive|proxy-connection|expect):/i

/**
 * Prepares the head of a client's request for a node. The client's IP becomes the last of `X-Forwarded-For`, which is
 * the one that `TRUST_PROXY` makes the node believe.
 */
export function forwardedHead(head: string, clientIp: string): string {
  const [requestLine = "", ...headers] = head.split(lineEnd).filter((line) => line !== "")
  const isUpgrade = headers.some((line) => /^upgrade:/i.test(line))
  const kept = isUpgrade ? headers : headers.filter((line) => !dropped.test(line))
  const added = [`X-Forwarded-For: ${clientIp}`, ...(isUpgrade ? [] : [close])]
  return [requestLine, ...kept, ...added, "", ""].join(lineEnd)
}

/** Adds that the connection closes to a node's response, of which at least the first line is there. */
export function closingResponse(text: string): string {
  const isUpgraded = /^HTTP\/1\.\d 101/.test(text)
  const end = text.indexOf(lineEnd) + lineEnd.length
  return isUpgraded ? text : text.slice(0, end) + close + lineEnd + text.slice(end)
}
