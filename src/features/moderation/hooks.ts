import type { MessageHooks } from "../messages/hooks.ts"
import { can } from "../permissions/can.ts"

const acts = ["manageMessages", "kickMembers", "banMembers", "timeOutMembers"] as const

/** Moderators act on the author of a message from its menu. */
export const moderationHooks: MessageHooks = {
  actions: [
    {
      label: "Moderate author",
      path: "moderate",
      kind: "panel",
      order: 890,
      when: ({ standing }) => !standing.isAuthor && acts.some((action) => can(standing, action)),
    },
  ],
}
