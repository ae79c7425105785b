// What this project uses of htmx 4 and of its extensions: the global, and events with their details.

declare const htmx: {
  ajax(
    method: "GET" | "POST",
    path: string,
    context: {
      /** Whose `hx-sync` applies: by default the body's, which does one after another. */
      source?: Element | string
      target: string
      swap: string
      values?: Record<string, string>
    },
  ): Promise<void>
  /** `force` re-initializes the element: its live connections are closed. */
  process(element: Element, force?: boolean): void
  swap(
    context: { sourceElement: Element; target: string; swap: string; text: string } | HtmxContext,
  ): Promise<void>
  trigger(element: Element, event: string): void
}

interface HtmxContext {
  sourceElement: Element
  target?: Element
  request: { headers: Record<string, string>; action: string; method: string }
  response: { status: number }
  /** The body of the response. */
  text?: string
  /** The headers `hx-…` of the response. */
  hx?: { redirect?: string }
}

interface HtmxSwapTask {
  fragment?: DocumentFragment
  /** A selector of what is looked for later; `null` where the page has no such element. */
  target: Element | string | null
  swapSpec: { style: string }
}

interface HtmxSocketConnection {
  url: string
  socket: WebSocket
}

interface HtmxEvents {
  "htmx:before:swap": CustomEvent<{ ctx?: HtmxContext; tasks: HtmxSwapTask[] }>
  "htmx:after:swap": CustomEvent<{ ctx?: HtmxContext }>
  "htmx:finally:swap": CustomEvent<{ ctx?: HtmxContext }>
  "htmx:after:process": CustomEvent
  "htmx:before:history:restore": CustomEvent
  "htmx:after:request": CustomEvent<{ ctx: HtmxContext }>
  "htmx:config:request": CustomEvent<{ ctx: HtmxContext }>
  "htmx:response:error": CustomEvent<{ ctx: HtmxContext }>
  "htmx:before:request": CustomEvent<{ ctx: HtmxContext }>
  "htmx:finally:request": CustomEvent<{ ctx: HtmxContext }>
  "htmx:error": CustomEvent<{ ctx?: HtmxContext }>
  "htmx:ws:before:connection": CustomEvent<{ connection: HtmxSocketConnection }>
  "htmx:ws:before:message:incoming": CustomEvent<{ message: { data: unknown } }>
  "htmx:ws:close": CustomEvent<{ connection: HtmxSocketConnection; code: number }>
  "htmx:sse:after:connection": CustomEvent
  "htmx:sse:before:message": CustomEvent<{ message: { data: string } }>
  "htmx:sse:close": CustomEvent
}

interface DocumentEventMap extends HtmxEvents {}
interface HTMLElementEventMap extends HtmxEvents {}

interface HTMLElement {
  /** Set once htmx has initialized the element. */
  _htmx?: object
}
