import type { Procedure, ProcedureRefuse } from "../../kernel/index.ts"
import type { Context } from "../services.ts"

interface Call {
  procedure: Procedure
  ctx: Context
  error: ProcedureRefuse
}

/** Refuses bots with 403, unless the contract opens the procedure to them: `meta: { bots: true }`. */
export function refuseBots({ procedure, ctx, error }: Call): void {
  if (ctx.viewer?.isBot && !procedure.meta?.bots)
    error("Bots may not do this: ask the person who owns it", 403)
}
