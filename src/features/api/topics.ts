import type { z } from "zod"
import type { ChannelMap } from "../../kernel/index.ts"
import type { ChannelDoc, Section } from "./doc.ts"

/** A channel of the contract with its documentation. */
export interface Topic extends ChannelDoc {
  name: string
  params: readonly string[]
  connects: z.ZodType
  sends: z.ZodType
  hears: z.ZodType
}

/** All channels of the contract. An undocumented one gets its name as summary. */
export function topicsOf(sections: Section[], contract: ChannelMap): Topic[] {
  const docs: Record<string, ChannelDoc | undefined> = Object.assign(
    {},
    ...sections.map(({ channels }) => channels),
  )

  return Object.entries(contract).map(([name, channel]) => ({
    ...(docs[name] ?? { summary: name }),
    name,
    params: channel.params,
    connects: channel.connectionRequest,
    sends: channel.clientMessage,
    hears: channel.serverMessage,
  }))
}
