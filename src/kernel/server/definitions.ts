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
import { maxFrameNameLength } from "../wire.ts"

// Methods, not function properties: TypeScript compares their parameters bivariantly, so a typed definition fits the
// erased one without a cast. That is sound here, because the schema that parses an argument is the one that the
// definition was typed with.

/** A procedure's definition without its types. */
export interface ErasedProcedure<Context, Derived> {
  procedure(args: ProcedureArguments<unknown, Context, Derived>): unknown
  resources?(args: ResourceArguments<unknown, Context, unknown>): MaybePromise<string[]>
}

/** A channel's definition without its types. */
export interface ErasedChannel<Context, Derived> {
  onConnect(args: ConnectArguments<unknown, Params, Context, Derived>): unknown
  onMessage(args: MessageArguments<unknown, Params, unknown, Derived>): unknown
  log?: LogDefinition<unknown, Params, Derived>
}

/** A declaration and its implementation. */
export interface Defined<Declared, Definition> {
  declared: Declared
  definition: Definition
}

/** The contract's procedures or channels with their implementations. */
export class Definitions<Declared, Definition> {
  readonly #kind: "procedure" | "channel"
  readonly #declared: Readonly<Record<string, Declared>>
  readonly #definitions = new Map<string, Definition>()

  constructor(kind: "procedure" | "channel", declared: Readonly<Record<string, Declared>>) {
    this.#kind = kind
    this.#declared = declared
  }

  /** Adds an implementation. Throws when the name is not declared or already defined. */
  define(name: string, definition: Definition): void {
    if (!this.declaration(name)) throw new Error(`There is no ${this.#kind} "${name}" in the covenant`)
    if (this.#definitions.has(name)) throw new Error(`The ${this.#kind} "${name}" is already defined`)
    this.#definitions.set(name, definition)
  }

  /** What has no implementation, for example `procedure getMessages`. */
  missing(): string[] {
    const names = Object.keys(this.#declared).filter((name) => !this.#definitions.has(name))

    return names.map((name) => `${this.#kind} ${name}`)
  }

  /** Names of the implementations that match. */
  names(matches: (found: Defined<Declared, Definition>) => boolean): string[] {
    return [...this.#definitions.keys()].filter((name) => matches(this.find(name)))
  }

  /** The declaration with this name. */
  declaration(name: string): Declared | undefined {
    // hasOwn: the name comes from the network and may be "constructor".
    return Object.hasOwn(this.#declared, name) ? this.#declared[name] : undefined
  }

  /** The declaration and implementation with this name. Refuses with 404 when it is not declared. */
  find(name: string): Defined<Declared, Definition> {
    const declared =
      this.declaration(name) ??
      refuse(`There is no ${this.#kind} "${name.slice(0, maxFrameNameLength)}"`, 404)
    const definition = this.#definitions.get(name)
    if (!definition) throw new Error(`The ${this.#kind} "${name}" is declared but not defined`)

    return { declared, definition }
  }
}
