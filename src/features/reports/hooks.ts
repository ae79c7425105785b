import type { MessageHooks } from "../messages/hooks.ts"

/** Reporting somebody else's message in a server. */
export const reportsHooks: MessageHooks = {
  actions: [
    {
      label: "Report",
      path: "report",
      kind: "panel",
      order: 800,
      when: ({ message, standing, viewerId }) =>
        standing.kind === "server" && !standing.isBot && message.userId !== viewerId,
    },
  ],
}
