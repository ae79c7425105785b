/** The params of a channel connection, for example `{ serverId: "a", channelId: "b" }`. */
export type Params = Readonly<Record<string, string>>

/**
 * The name of one instance of a channel. Equal params give the same topic in any order; different params never do,
 * whatever characters they contain.
 *
 * @example
 * topicOf("chat", { serverId: "a", channelId: "b" }) // "chat:channelId=b&serverId=a"
 */
export function topicOf(channel: string, params: Params): string {
  const pairs = Object.keys(params)
    .sort()
    .map((key) => `${escapePart(key)}=${escapePart(params[key] ?? "")}`)

  return `${escapePart(channel)}:${pairs.join("&")}`
}

/** The topic of a resource's updates; never equal to a channel's topic. */
export function resourceTopic(resource: string): string {
  return `resource=${escapePart(resource)}`
}

/** The resource whose topic this is; `undefined` for a channel's topic. */
export function resourceOf(topic: string): string | undefined {
  const name = topic.match(/^resource=(.*)$/s)?.[1]

  return name?.replace(/%([0-9a-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
}

// Not encodeURIComponent: it throws on lone surrogates, which a client may send.
function escapePart(part: string): string {
  return part.replace(/[%:&=]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
}

/** The cursor in a connection request (`after`): the last change the client has; `undefined` when it has none. */
export function cursorIn(request: unknown): number | undefined {
  const { after } = (typeof request === "object" && request !== null ? request : {}) as { after?: unknown }

  return typeof after === "number" ? after : undefined
}
