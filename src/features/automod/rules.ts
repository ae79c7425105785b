import { Cache } from "../../cache/cache.ts"
import type { DataVersions } from "../../cache/versions.ts"
import type { Db } from "../../db/database.ts"
import { hostsIn, isAmong } from "../matching/links.ts"
import { Pattern } from "../matching/pattern.ts"
import { WordList } from "../matching/words.ts"
import type { AutomodRule, AutomodTrigger } from "./contract.ts"
import { listEnabledRules } from "./store.ts"

/** A rule that is ready to be matched. */
export interface CompiledRule {
  rule: AutomodRule
  /** The part of a text that meets the trigger; always `undefined` for triggers that depend on more than the text. */
  findIn(text: string): string | undefined
}

const maxServers = 20_000
/** Memory for compiled rules, in bytes. A full word list takes about 3 MB. */
const maxBytes = 64 * 1024 * 1024
const bytesOfCharacter = 50

/** The enabled rules of servers, compiled. Every message asks, so the answer for a server is cached. */
export class AutomodRules {
  readonly #servers = new Cache<readonly CompiledRule[]>({ maxEntries: maxServers })
  /** By rule, as long as its trigger stays: the rules of a server are read again after each change of the directory. */
  readonly #compiled = new Cache<CompiledRule["findIn"]>({
    maxBytes,
    bytesOf: (findIn) => this.#sizes.get(findIn) ?? 0,
  })
  readonly #sizes = new WeakMap<CompiledRule["findIn"], number>()

  constructor(
    private readonly db: Db,
    private readonly dataVersions: Pick<DataVersions, "directory">,
  ) {}

  /** The rules of a server if they are cached. */
  known(serverId: string): readonly CompiledRule[] | undefined {
    return this.#servers.get(serverId, this.dataVersions.directory)
  }

  async of(serverId: string): Promise<readonly CompiledRule[]> {
    return this.#servers.getOrLoad(serverId, this.dataVersions.directory, async () =>
      (await listEnabledRules(this.db, serverId)).map((rule) => this.#compile(rule)),
    )
  }

  #compile(rule: AutomodRule): CompiledRule {
    const trigger = JSON.stringify(rule.trigger)
    const findIn = this.#compiled.get(rule.id, trigger) ?? compileTrigger(rule.trigger)
    this.#sizes.set(findIn, trigger.length * bytesOfCharacter)
    this.#compiled.set(rule.id, trigger, findIn)
    return { rule, findIn }
  }
}

/** The part of a text that meets a trigger. */
export function compileTrigger(trigger: AutomodTrigger): (text: string) => string | undefined {
  switch (trigger.kind) {
    case "words": {
      const words = new WordList(trigger.words)
      return (text) => words.find(text)
    }
    case "patterns": {
      const patterns = trigger.patterns.map((pattern) => ({ pattern, compiled: new Pattern(pattern) }))
      return (text) => patterns.find(({ compiled }) => compiled.matches(text))?.pattern
    }
    case "links":
      return compileLinks(trigger)
    default:
      return () => undefined
  }
}

function compileLinks({ limit, allow, deny }: AutomodTrigger & { kind: "links" }) {
  const [allowed, denied] = [new Set(allow), new Set(deny)]
  return (text: string) => {
    const links = hostsIn(text)
    const refused = links.find(
      ({ host }) => isAmong(host, denied) || (allowed.size > 0 && !isAmong(host, allowed)),
    )
    if (refused) return refused.host || "a link"
    return limit !== null && links.length > limit ? `${links.length} links` : undefined
  }
}
