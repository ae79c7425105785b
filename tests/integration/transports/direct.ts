import { clientOf, expectData } from "../../support/chat.ts"
import type { Transport } from "./transport.ts"
import { openTyped } from "./typed.ts"

/** The typed client in the server's own process. */
export const direct: Transport = {
  name: "direct",
  saysWhy: true,
  isMarkup: false,
  resumes: true,

  open(server, { person }, room, page) {
    const client = person?.client ?? clientOf(server.chat)
    const faultsBefore = person?.faults.length ?? 0
    const endedWith = () => person?.faults.slice(faultsBefore).at(-1)?.code
    return openTyped({ client, endedWith, close: (off) => off() }, room, page)
  },

  async signOut({ person }) {
    if (person) expectData(await person.client.mutate("logout", null))
  },
}
