/** The params of one channel connection, for example `{ serverId: "a", channelId: "b" }`. */
export type Params = Readonly<Record<string, string>>

/**
 * The name of one instance of a channel: the same for equal params in any order, different for everything else,
 * whatever characters the parts contain. Looks like `chat:channelId=b&serverId=a`.
 */
export function topicOf(channel: string, params: Params): string {
  const pairs = Object.keys(params)
    .sort()
    .map((key) => `${escapePart(key)}=${escapePart(params[key] ?? "")}`)

  return `${escapePart(channel)}:${pairs.join("&")}`
}

/** The name under which updates of a resource are announced; never equal to a channel's topic. */
export function resourceTopic(resource: string): string {
  return `resource=${escapePart(resource)}`
}

// Not encodeURIComponent: it throws on lone surrogates, which a client may well send.
function escapePart(part: string): string {
  return part.replace(/[%:&=]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
}
