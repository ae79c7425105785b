import { accountRules } from "./accounts.ts"
import { administrationRules } from "./administration.ts"
import { channelRules } from "./channels.ts"
import { messageRules } from "./messages.ts"
import { moderationRules } from "./moderation.ts"
import { peopleRules } from "./people.ts"
import { readingRules } from "./reading.ts"
import { roleRules } from "./roles.ts"
import type { Rules } from "./rule.ts"
import { serverRules } from "./servers.ts"

/** One call of each procedure of the contract, with who may make it. `tests/unit/procedures.test.ts` makes them. */
export const rules: Rules = {
  ...accountRules,
  ...administrationRules,
  ...serverRules,
  ...moderationRules,
  ...roleRules,
  ...channelRules,
  ...messageRules,
  ...peopleRules,
  ...readingRules,
}
