import type { Attempt, MessageHooks } from "../messages/hooks.ts"
import type { Services } from "../services.ts"
import { checkByRules } from "./check.ts"
import { AutomodRules } from "./rules.ts"

/** Checks every new text by the rules of its server. In servers without rules that is a look into a cache. */
export function automodHooks(services: Services): MessageHooks {
  const rules = new AutomodRules(services.db, services.dataVersions)
  const checkLoaded = async (attempt: Attempt) =>
    checkByRules(services, await rules.of(attempt.serverId), attempt)

  return {
    check(attempt) {
      const known = rules.known(attempt.serverId)
      return known?.length === 0 ? undefined : checkLoaded(attempt)
    },
  }
}
