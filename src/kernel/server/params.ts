import type { ChannelDeclaration } from "../declare.ts"
import { refuse } from "../result.ts"
import type { Params } from "../topic.ts"
import { maxFrameNameLength } from "../wire.ts"

/** Copies a client's params. Refuses with 400 when they are not exactly the declared ones. */
export function parseParams(declared: ChannelDeclaration, params: unknown): Params {
  return areParamsOf(declared, params) ? { ...params } : refuse(rule(declared), 400)
}

/** Returns our own code's params. Throws a plain `Error`, because wrong ones are a bug. */
export function assertParams(declared: ChannelDeclaration, params: Params): Params {
  if (!areParamsOf(declared, params)) throw new Error(rule(declared))

  return params
}

function areParamsOf(declared: ChannelDeclaration, params: unknown): params is Params {
  if (typeof params !== "object" || params === null) return false
  const given = params as Record<string, unknown>
  // hasOwn: a declared param may be called like a property that every object inherits.
  const isValid = (name: string) => Object.hasOwn(given, name) && isParam(given[name])

  return Object.keys(given).length === declared.params.length && declared.params.every(isValid)
}

function isParam(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= maxFrameNameLength
}

function rule({ params }: ChannelDeclaration): string {
  return `The params must be exactly: ${params.join(", ") || "none"}; each 1 to ${maxFrameNameLength} characters long`
}
