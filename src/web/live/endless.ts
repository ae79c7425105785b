import type { StreamGroup } from "./groups.ts"
import { type Ending, isEnding, type LiveSession, newest, type OpenSession } from "./session.ts"
import type { Hearer } from "./sides.ts"
import type { Update } from "./update.ts"

/**
 * Bytes that may wait for a slow reader before it is cut off; it comes back with its cursor. They wait in the
 * stream's queue: Bun takes from it only what the connection takes.
 */
const maxBacklogBytes = 512 * 1024
/** Bytes that Bun gathers before it hands them to the connection: none, since what comes here was gathered already. */
const takenBytes = 1

/** How one kind of endless response speaks. */
export interface Kind {
  headers: Headers
  group(session: LiveSession): StreamGroup
  encode(updates: Update[]): string
  /** Is its reader told what happens elsewhere? */
  hearsSides: boolean
  /** What comes before everything else, and the cursor that brings the reader to, where it does. */
  begin(): Promise<{ text: string; cursor?: number }>
  /** What its reader is told last when their right to it ends. */
  end?(ending: Ending): string
}

interface Options {
  open: OpenSession
  cursor: number | undefined
  kind: Kind
  report: (error: unknown) => void
  /** Told when it ends by us, with what waits still to be sent: nobody may take for ever to read that. */
  onEnd: (isSlow: boolean) => void
}

/** Answers with a response that does not end until someone leaves, or with why there is none. */
export async function endlessResponse({
  open,
  cursor,
  kind,
  report,
  onEnd,
}: Options): Promise<Response | Ending> {
  let ended: Ending | null = null
  let end = (ending: Ending) => {
    ended = ending
  }
  const opened = await open({ onEvict: (ending) => end(ending) })
  if (isEnding(opened)) return opened

  const session: LiveSession = opened
  if (ended) {
    session.close()
    return ended
  }

  const encoder = new TextEncoder()
  const group = kind.group(session)
  let leave = () => {}
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let open = true
        let withoutSigns = false
        const backlog = () => takenBytes - (controller.desiredSize ?? 0)
        const isBehind = () => backlog() > maxBacklogBytes / 2
        const member = {
          encode: kind.encode,
          write(chunk: Uint8Array) {
            if (!open) return
            controller.enqueue(chunk)
            if (backlog() >= maxBacklogBytes) {
              finish()
              onEnd(true)
            } else if (withoutSigns && !isBehind()) {
              withoutSigns = false
              catchUpSigns().catch(report)
            }
          },
          sign(chunk: Uint8Array) {
            if (!open) return
            if (isBehind()) withoutSigns = true
            else controller.enqueue(chunk)
          },
        }
        const hearer: Hearer = {
          join: ({ events }) => events.add(member),
          leave: ({ events }) => events.delete(member),
        }
        leave = () => {
          if (!open) return
          open = false
          group.delete(member)
          session.sides.unfollow(hearer)
          session.close()
        }
        const finish = () => {
          if (!open) return
          leave()
          controller.close()
        }
        end = (ending) => {
          write(kind.end?.(ending) ?? "")
          finish()
          onEnd(false)
        }

        // Without looking at what waits: what was missed may be long, and nobody had time to take it yet.
        const write = (text: string) => {
          if (open && text) controller.enqueue(encoder.encode(text))
        }
        const reader = {
          deliver: (updates: Update[]) => write(kind.encode(updates)),
          goLive: () => {
            if (!open) return
            group.add(member)
            if (kind.hearsSides) session.sides.follow(hearer)
          },
        }
        read().catch((error) => {
          report(error)
          finish()
        })

        async function read() {
          const start = await kind.begin()
          write(start.text)
          await session.feed.join(reader, start.cursor ?? cursor ?? newest)
          await catchUpSigns()
        }

        async function catchUpSigns() {
          reader.deliver(await session.signs())
        }
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: takenBytes }),
  )
  return new Response(body, { headers: kind.headers })
}
