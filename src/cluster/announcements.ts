import {
  type InternalSidekick,
  type Params,
  resourceTopic,
  type ServerToSidekickConnection,
  topicOf,
} from "../kernel/index.ts"
import type { Bus } from "./bus.ts"
import { encodeBody } from "./bus-frame.ts"
import type { Gate } from "./gate.ts"

/** Longer messages are not sent to the other nodes: those that need one read it. In characters. */
const maxMessageLength = 32 * 1024

const messagePath = "/message"
const changePath = "/change"
const resourcePath = "/resource"

/** A message as it is posted to a sidekick. */
type PostedMessage = Parameters<ServerToSidekickConnection["postMessage"]>[0]

/** A change of a log that is too long to be sent. */
interface ChangeHint {
  channel: string
  params: Params
  seq: number
}

/** Publishes a node's announcements for readers at the other nodes. */
export function announceOn(bus: Bus): Pick<ServerToSidekickConnection, "postMessage" | "update"> {
  return {
    async postMessage(message) {
      const { channel, params, seq } = message
      const topic = topicOf(channel, params)
      const body = encodeBody(message)
      if (body.length <= maxMessageLength || seq === undefined) {
        bus.publishEncoded({ path: messagePath, topic, body })
      } else bus.publish({ path: changePath, topic, body: { channel, params, seq } satisfies ChangeHint })
      return null
    },
    async update(resources) {
      for (const resource of new Set(resources)) {
        bus.publish({ path: resourcePath, topic: resourceTopic(resource), body: resource })
      }
      return null
    },
  }
}

interface ReceivingOptions {
  sidekick: InternalSidekick
  gate: Gate
  /** Whether changes of all logs matter to this node, for what it does for all. */
  wantsAllChanges(): boolean
  /** A log has changed at another node. */
  onChange(channelId: string): void
  /** A log that may have readers at this node has reached `seq`. */
  behind(channelId: string, seq: number): void
}

/** Delivers the announcements of other nodes to the readers at this one. */
export function receiveAnnouncements(bus: Bus, options: ReceivingOptions): void {
  const { sidekick, gate, onChange, wantsAllChanges } = options
  const server = sidekick.getConnectionFromServer()
  const wants = (topic: string) =>
    sidekick.hasSubscribers(topic) || (topic.startsWith("chat:") && wantsAllChanges())
  const changed = ({ channel, params }: ChangeHint | PostedMessage) => {
    if (channel === "chat" && params.channelId !== undefined && wantsAllChanges()) onChange(params.channelId)
  }

  bus.handle(messagePath, {
    wants,
    receive: (body) =>
      gate.pass(() => {
        void server.postMessage(body as PostedMessage)
        changed(body as PostedMessage)
      }),
  })
  bus.handle(changePath, {
    wants,
    receive: (body) =>
      gate.pass(() => {
        const hint = body as ChangeHint
        options.behind(hint.params.channelId ?? "", hint.seq)
        changed(hint)
      }),
  })
  bus.handle(resourcePath, {
    wants: (topic) => sidekick.hasSubscribers(topic),
    receive: (body) => gate.pass(() => void server.update([String(body)])),
  })
}
