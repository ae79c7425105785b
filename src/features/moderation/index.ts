import type { FeatureOf } from "../feature.ts"
import { Timeout } from "./contract.ts"
import { moderationDocs } from "./docs.ts"
import { moderationDuty } from "./duty.ts"
import { moderationHandlers } from "./handlers.ts"

/** What moderators do to members, channels and messages, and undoing it. */
export const moderationFeature: FeatureOf<"moderation"> = {
  handlers: moderationHandlers,
  workers: [moderationDuty],
  docs: { title: "Moderation", order: 55, procedures: moderationDocs, schemas: { Timeout } },
}
