import type { HttpStreamKind } from "../../../web/live/http-stream.ts"
import { encodeEnding } from "../../../web/live/session.ts"
import { toEvents } from "../../../web/live/update.ts"

/** Server-sent events: the fragments of the WebSocket, with their `seq` as event id. */
export function eventStreamKind(): HttpStreamKind {
  return {
    headers: new Headers({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Otherwise nginx buffers the response.
      "x-accel-buffering": "no",
    }),
    format: { name: "events", heartbeat: ": \n\n", encode: toEvents },
    hasSideTopics: true,
    // A comment, so that the headers are sent before the first update.
    begin: async () => ({ text: ": live\n\n" }),
    end: (ending) => `data: ${encodeEnding(ending)}\n\n`,
  }
}
