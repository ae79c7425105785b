import type { Params } from "../topic.ts"
import type { Grant } from "../wire.ts"

/**
 * Selects connections: those that match every given field. It is plain data, so that it can be sent to a sidekick in
 * another process. An empty selector selects all connections.
 *
 * @example
 * sidekick.evict({ channel: "chat", params: { serverId }, context: { userId } }, { code: 403, message: "…" })
 */
export interface ConnectionSelector {
  channel?: string
  /** The connection has these params, maybe among others. */
  params?: Params
  /** At least one of these params has one of the values listed for it. */
  anyParam?: Record<string, string[]>
  /** The connection's context has these fields. */
  context?: Record<string, string>
  /** Each of these fields of the connection's context has one of the values listed for it. */
  anyContext?: Record<string, string[]>
  /** The connection's context lacks at least one of these fields. */
  exceptContext?: Record<string, string>
}

/** Compiles a selector to a predicate. */
export function matcherOf(selector: ConnectionSelector): (grant: Grant) => boolean {
  const { channel, params = {}, anyParam, context, anyContext, exceptContext } = selector
  const values = anyParam && setsOf(anyParam)
  const contextValues = anyContext && setsOf(anyContext)

  return (grant) =>
    (channel === undefined || channel === grant.channel) &&
    hasFields(grant.params, params) &&
    (values?.some(([key, any]) => any.has(grant.params[key] ?? "")) ?? true) &&
    (!context || hasFields(grant.context, context)) &&
    (contextValues?.every(([key, any]) => any.has(fieldOf(grant.context, key))) ?? true) &&
    !(exceptContext && hasFields(grant.context, exceptContext))
}

function hasFields(value: unknown, fields: Params): boolean {
  const given = (value ?? {}) as Record<string, unknown>

  return Object.keys(fields).every((key) => given[key] === fields[key])
}

/** The values listed for each key, as sets: a selector may list thousands. */
function setsOf(lists: Record<string, string[]>) {
  return Object.entries(lists).map(([key, values]) => [key, new Set<unknown>(values)] as const)
}

function fieldOf(value: unknown, key: string): unknown {
  return ((value ?? {}) as Record<string, unknown>)[key]
}
