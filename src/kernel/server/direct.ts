import type { ChannelMap, ProcedureMap } from "../declare.ts"
import type { CallRequest } from "../define.ts"
import { type ClientToServerConnection, connectAnswerOf, procedureAnswerOf } from "../wire.ts"
import type { CovenantServer } from "./server.ts"

/**
 * Connects a client to a server in the same process: no network and no encoding, but the same validation. The
 * headers go with every call, for example `{ authorization: "Bearer …" }`.
 */
export function directClientToServer(
  server: Pick<CovenantServer<ProcedureMap, ChannelMap>, "processProcedure" | "processConnection">,
  extraHeaders: Record<string, string>,
): ClientToServerConnection {
  const request = (): CallRequest => ({ headers: new Headers(extraHeaders), url: "" })

  return {
    async runProcedure({ procedure, inputs }) {
      return procedureAnswerOf(await server.processProcedure(procedure, inputs, request()))
    },
    async sendConnectionRequest({ channel, params, data }) {
      return connectAnswerOf(
        channel,
        params,
        await server.processConnection(channel, params, data, request()),
      )
    },
  }
}
