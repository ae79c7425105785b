import type { covenant } from "../../covenant.ts"
import type { ProcedureArguments } from "../../kernel/index.ts"
import type { Context, Derived } from "../services.ts"

/**
 * What bots may do. Everything else is for people: accounts, owning servers, inviting, making bots, and whatever is
 * added to the contract until it is named here.
 */
export const openToBots: ReadonlySet<string> = new Set<keyof (typeof covenant)["procedures"]>([
  "getServers",
  "getMembers",
  "leaveServer",
  "getChannels",
  "getMessages",
  "searchMessages",
  "editMessage",
  "deleteMessage",
  "removePreview",
  "getUnread",
  "getMessageHistory",
  "addReaction",
  "removeReaction",
  "getReactions",
  "pinMessage",
  "unpinMessage",
  "getPins",
  "createThread",
  "getThreads",
  "markRead",
  "markChannelRead",
])

interface Definition {
  procedure(args: ProcedureArguments<never, Context, Derived>): unknown
}

/** A procedure that refuses bots with 403, unless they may do this. */
export function refusingBots(name: string, definition: Definition): Definition {
  if (openToBots.has(name)) return definition

  return {
    ...definition,
    procedure: (args) =>
      args.ctx.viewer?.isBot
        ? args.error("Bots may not do this: ask the person who owns it", 403)
        : definition.procedure(args),
  }
}
