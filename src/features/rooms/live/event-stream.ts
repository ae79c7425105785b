import type { HttpStreamKind } from "../../../web/live/http-stream.ts"
import { toEvents } from "../../../web/live/update.ts"

/** Server-sent events: the fragments of the WebSocket, each with its number as id. */
export function eventStreamKind(): HttpStreamKind {
  return {
    headers: new Headers({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // nginx would hold back what must go out at once.
      "x-accel-buffering": "no",
    }),
    format: { name: "events", heartbeat: ": \n\n", encode: toEvents },
    hasSideTopics: true,
    // A comment at once, so that the response's headers are sent before there is an update.
    begin: async () => ({ text: ": live\n\n" }),
  }
}
