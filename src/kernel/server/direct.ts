import type { ChannelMap, ProcedureMap } from "../declare.ts"
import type { CallRequest } from "../define.ts"
import { type ClientToServerConnection, connectAnswerOf, procedureAnswerOf } from "../wire.ts"
import type { CovenantServer } from "./covenant-server.ts"

/**
 * Connects a client to a server in the same process: without network or encoding, with the same validation. The
 * headers are sent with every call.
 *
 * @example
 * directClientToServer(server, { authorization: "Bearer …" })
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
