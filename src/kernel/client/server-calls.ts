import type { Covenant, InputOf, OutputOf, ProcedureMap } from "../declare.ts"
import { type OnUnexpected, unexpectedMessage } from "../report.ts"
import type { ChannelFault, ProcedureError, ProcedureResult } from "../result.ts"
import type { Params } from "../topic.ts"
import type { ClientToServerConnection } from "../wire.ts"

/** The result of a client's `connect`. */
export type ClientConnectResult =
  | { success: true; token: string; error: null }
  | { success: false; token: null; error: ChannelFault }

const unreachable = "The server cannot be reached. Try again."

/** A client's calls to its server. Checks the answers against the contract; never rejects. */
export class ServerCalls<P extends ProcedureMap> {
  readonly #procedures: Covenant<P, never>["procedures"]
  readonly #server: ClientToServerConnection
  readonly #report: OnUnexpected

  constructor(
    procedures: Covenant<P, never>["procedures"],
    server: ClientToServerConnection,
    report: OnUnexpected,
  ) {
    this.#procedures = procedures
    this.#server = server
    this.#report = report
  }

  /** Runs a procedure. Fails with 503 (unreachable), 500 (an answer outside the contract), or as the server says. */
  async run<N extends keyof P & string>(
    name: N,
    inputs: InputOf<P[N]>,
  ): Promise<ProcedureResult<OutputOf<P[N]>>> {
    const where = `procedure ${name}`
    const answer = await this.#tryCall(where, () => this.#server.runProcedure({ procedure: name, inputs }))
    if (!answer) return failed({ message: unreachable, code: 503 })
    if (answer.status === "ERR") return failed(answer.error)
    const parsed = this.#procedures[name]?.output.safeParse(answer.data)
    if (!parsed?.success) {
      this.#report(parsed?.error, `answer of ${where}`)
      return failed({ message: unexpectedMessage, code: 500 })
    }

    // Parsed with this procedure's own schema.
    return { success: true, data: parsed.data as OutputOf<P[N]>, error: null, resources: answer.resources }
  }

  /** Requests a connection. Fails with the fault `server` 503 (unreachable), or as the server says. */
  async connect(channel: string, params: Params, data: unknown): Promise<ClientConnectResult> {
    const answer = await this.#tryCall(`channel ${channel}`, () =>
      this.#server.sendConnectionRequest({ channel, params, data }),
    )
    if (!answer) return refused({ fault: "server", message: unreachable, code: 503 })
    const { result } = answer

    return result.type === "OK" ? { success: true, token: result.token, error: null } : refused(result.error)
  }

  async #tryCall<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await call()
    } catch (error) {
      this.#report(error, `request of ${what}`)
      return undefined
    }
  }
}

function failed(error: ProcedureError): ProcedureResult<never> {
  return { success: false, data: null, error, resources: null }
}

function refused(error: ChannelFault): ClientConnectResult {
  return { success: false, token: null, error }
}
