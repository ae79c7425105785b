import ION from "@covenant-rpc/ion"
import { z } from "zod"

/** Frames of other versions are ignored. A new kind of post does not need a new version. */
const protocolVersion = 1

const Header = z.object({
  v: z.literal(protocolVersion),
  /** Identifies the process that sent it. */
  from: z.string().min(1),
  /** Sequence number. A skipped one means that posts were lost. */
  number: z.int().min(0),
  /** When it was sent, on the sender's own clock: tells it how long the way to itself takes. */
  sentAt: z.number(),
  /** How many posts the node has published up to the last one of this frame. */
  published: z.int(),
  /** The node ends and has sent everything. */
  last: z.boolean().optional(),
  /** Each post's path, a space, and its topic. */
  posts: z.array(z.string()),
})
type FrameHeader = Omit<z.infer<typeof Header>, "v" | "posts">

/** A post of a frame. Its body is parsed when it is asked for. */
export interface ReceivedPost {
  path: string
  topic: string
  parse(): unknown
}

/** A frame as it is sent over the bus: a line that says what it is about, and a line for each body. */
export interface BusFrame extends FrameHeader {
  posts: ReceivedPost[]
}

/** Encodes a frame; each post is the label from `labelOf` and a body from `encodeBody`. */
export function encodeBusFrame(
  header: FrameHeader,
  posts: readonly { path: string; body: string }[],
): string {
  const labels = posts.map(({ path }) => path)
  const first = JSON.stringify({ v: protocolVersion, ...header, posts: labels })
  return [first, ...posts.map(({ body }) => body)].join("\n")
}

/** The label of a post in a frame. */
export function labelOf(path: string, topic = ""): string {
  return `${path} ${topic}`
}

/** Encodes a body in one line. */
export function encodeBody(body: unknown): string {
  return ION.stringify(body as never)
}

/** Decodes a frame; `null` when it is none of this version. */
export function decodeBusFrame(text: string): BusFrame | null {
  const end = text.indexOf("\n")
  const header = Header.safeParse(parseJson(end < 0 ? text : text.slice(0, end)))
  if (!header.success) return null

  let bodies: string[] | undefined
  const posts = header.data.posts.map((label, index) => ({
    path: label.slice(0, label.indexOf(" ")),
    topic: label.slice(label.indexOf(" ") + 1),
    parse() {
      bodies ??= text.slice(end + 1).split("\n")
      return ION.parse(bodies[index] ?? "null") as unknown
    },
  }))
  return { ...header.data, posts }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
