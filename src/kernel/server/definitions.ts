import type { Channel } from "../declare.ts"
import type {
  ConnectArguments,
  LogDefinition,
  MaybePromise,
  MessageArguments,
  ProcedureArguments,
  ResourceArguments,
} from "../define.ts"
import { refuse } from "../result.ts"
import type { Params } from "../topic.ts"
import { maxNameLength } from "../wire.ts"

// Methods, not function properties: their parameters are compared bivariantly, so a typed definition fits the
// erased map without a cast. The schema that parsed the argument is the one the definition was typed with.
export interface ErasedProcedure<Context, Derived> {
  procedure(args: ProcedureArguments<unknown, Context, Derived>): unknown
  resources?(args: ResourceArguments<unknown, Context, unknown>): MaybePromise<string[]>
}

export interface ErasedChannel<Context, Derived> {
  onConnect(args: ConnectArguments<unknown, Params, Context, Derived>): unknown
  onMessage(args: MessageArguments<unknown, Params, unknown, Derived>): unknown
  log?: LogDefinition<unknown, Params, Derived>
}

/** The declarations of one kind and, one by one, their implementations. */
export class Definitions<Declared, Definition> {
  private readonly definitions = new Map<string, Definition>()

  constructor(
    private readonly kind: "procedure" | "channel",
    private readonly declared: Readonly<Record<string, Declared>>,
  ) {}

  define(name: string, definition: Definition): void {
    if (!this.declaration(name)) throw new Error(`There is no ${this.kind} "${name}" in the covenant`)
    if (this.definitions.has(name)) throw new Error(`The ${this.kind} "${name}" is already defined`)
    this.definitions.set(name, definition)
  }

  missing(): string[] {
    const names = Object.keys(this.declared).filter((name) => !this.definitions.has(name))

    return names.map((name) => `${this.kind} ${name}`)
  }

  /** Names of what is defined and for which something holds. */
  names(holds: (found: { declared: Declared; definition: Definition }) => boolean): string[] {
    return [...this.definitions.keys()].filter((name) => holds(this.find(name)))
  }

  // hasOwn: the name comes from the network and may be "constructor".
  declaration(name: string): Declared | undefined {
    return Object.hasOwn(this.declared, name) ? this.declared[name] : undefined
  }

  find(name: string): { declared: Declared; definition: Definition } {
    const declared =
      this.declaration(name) ?? refuse(`There is no ${this.kind} "${name.slice(0, maxNameLength)}"`, 404)
    const definition = this.definitions.get(name)
    if (!definition) throw new Error(`The ${this.kind} "${name}" is declared but not defined`)

    return { declared, definition }
  }
}

/** The params as a copy of their own, or a refusal with 400 when they are not exactly the declared ones. */
export function paramsFor(declared: Channel, params: unknown): Params {
  return fitParams(declared, params) ? { ...params } : refuse(paramsSentence(declared), 400)
}

/** The same for params of our own code, where a misfit is a bug. */
export function ownParamsFor(declared: Channel, params: Params): Params {
  if (!fitParams(declared, params)) throw new Error(paramsSentence(declared))

  return params
}

function fitParams(declared: Channel, params: unknown): params is Params {
  if (typeof params !== "object" || params === null) return false
  const given = params as Record<string, unknown>
  const isGiven = (name: string) => Object.hasOwn(given, name) && isParam(given[name])

  return Object.keys(given).length === declared.params.length && declared.params.every(isGiven)
}

function isParam(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= maxNameLength
}

function paramsSentence({ params }: Channel): string {
  return `The params must be exactly: ${params.join(", ") || "none"}; each 1 to ${maxNameLength} characters long`
}
