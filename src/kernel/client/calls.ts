import type { Covenant, InputOf, OutputOf, ProcedureMap } from "../declare.ts"
import {
  type ChannelFault,
  type OnUnexpected,
  type ProcedureError,
  type ProcedureResult,
  unexpectedMessage,
} from "../result.ts"
import type { Params } from "../topic.ts"
import type { ClientToServerConnection } from "../wire.ts"

/** What a client's `connect` comes back with. */
export type ClientConnectResult =
  | { success: true; token: string; error: null }
  | { success: false; token: null; error: ChannelFault }

/** A client's calls to its server: asks, checks the answer against the contract, never rejects. */
export class Calls<P extends ProcedureMap> {
  constructor(
    private readonly procedures: Covenant<P, never>["procedures"],
    private readonly server: ClientToServerConnection,
    private readonly report: OnUnexpected,
  ) {}

  async run<N extends keyof P & string>(
    name: N,
    inputs: InputOf<P[N]>,
  ): Promise<ProcedureResult<OutputOf<P[N]>>> {
    const where = `procedure ${name}`
    const answer = await this.ask(where, () => this.server.runProcedure({ procedure: name, inputs }))
    if (!answer) return failed({ message: unreachable, code: 503 })
    if (answer.status === "ERR") return failed(answer.error)
    const parsed = this.procedures[name]?.output.safeParse(answer.data)
    if (!parsed?.success) {
      this.report(parsed?.error, `answer of ${where}`)
      return failed({ message: unexpectedMessage, code: 500 })
    }

    // Parsed with this procedure's own schema.
    return { success: true, data: parsed.data as OutputOf<P[N]>, error: null, resources: answer.resources }
  }

  async connect(channel: string, params: Params, data: unknown): Promise<ClientConnectResult> {
    const answer = await this.ask(`channel ${channel}`, () =>
      this.server.sendConnectionRequest({ channel, params, data }),
    )
    if (!answer) return refused({ fault: "server", message: unreachable, code: 503 })
    const { result } = answer

    return result.type === "OK" ? { success: true, token: result.token, error: null } : refused(result.error)
  }

  private async ask<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask()
    } catch (error) {
      this.report(error, `request of ${what}`)
      return undefined
    }
  }
}

const unreachable = "The server cannot be reached. Try again."

function failed(error: ProcedureError): {
  success: false
  data: null
  error: ProcedureError
  resources: null
} {
  return { success: false, data: null, error, resources: null }
}

function refused(error: ChannelFault): { success: false; token: null; error: ChannelFault } {
  return { success: false, token: null, error }
}
