import { covenant } from "../../../src/covenant.ts"
import { CovenantClient, type ErrorFrame } from "../../../src/kernel/index.ts"
import {
  type HttpOptions,
  httpClientToServer,
  httpClientToSidekick,
  type SocketOptions,
} from "../../../src/kernel/network/index.ts"
import type { Transport } from "./transport.ts"
import { openTyped } from "./typed.ts"
import { signOutOfWire } from "./wire.ts"

type Fault = ErrorFrame["error"]

export type NetworkOptions = SocketOptions & Pick<HttpOptions, "timeoutMs">

/** Our typed client over HTTP and a WebSocket, as a program of someone's own has it. */
export function networkClient(origin: string, token: string | undefined, options: NetworkOptions = {}) {
  const faults: Fault[] = []
  const client = new CovenantClient(covenant, {
    serverConnection: httpClientToServer(origin, { token, timeoutMs: options.timeoutMs }),
    sidekickConnection: httpClientToSidekick(origin, options),
    onFault: (fault) => faults.push(fault),
  })
  return Object.assign(client, { faults })
}

/** Our client, over the network. */
export const network: Transport = {
  name: "our client over the network",
  saysWhy: true,
  isMarkup: false,
  resumes: true,
  signOut: signOutOfWire,

  open(_server, { person, server }, room, page) {
    const client = networkClient(server.origin, person?.token)
    const endedWith = () => client.faults.at(-1)?.code
    return openTyped({ client, endedWith, close: () => client.disconnect() }, room, page)
  },
}
