import type { MessageHooks } from "../messages/hooks.ts"
import { can } from "../permissions/can.ts"

export const remindersHooks: MessageHooks = {
  actions: [
    {
      label: "Remind me",
      path: "remind",
      kind: "panel",
      order: 315,
      when: ({ standing }) => can(standing, "readHistory"),
    },
  ],
}
