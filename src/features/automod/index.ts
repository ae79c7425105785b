import type { FeatureOf } from "../feature.ts"
import { AutomodHit, AutomodRule } from "./contract.ts"
import { automodDocs } from "./docs.ts"
import { automodHandlers } from "./handlers.ts"
import { repeatLimits } from "./limits.ts"
import { automodHooks } from "./message-check.ts"

/** Rules that check messages before anyone sees them. */
export const automodFeature: FeatureOf<"automod"> = {
  handlers: automodHandlers,
  hooks: automodHooks,
  limits: repeatLimits,
  docs: { title: "Automod", order: 65, procedures: automodDocs, schemas: { AutomodRule, AutomodHit } },
}
