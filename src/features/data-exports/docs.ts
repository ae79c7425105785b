import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { dataExportsContract } from "./contract.ts"

const fails = {
  409: "an archive is being created for you already",
  429: "you requested three in the last day",
}
const waiting = {
  ...{ id: sample.newId, serverId: null, serverName: null, state: "waiting" as const },
  ...{ bytes: null, failure: null, createdAt: sample.at, expiresAt: null },
}

export const dataExportsDocs: ProcedureDocs<typeof dataExportsContract> = {
  listDataExports: {
    summary: "Lists the archives that you asked for",
    description:
      "Newest first. One that is `ready` can be fetched for a day at `/account/data/ID/download`, with your cookie or token.",
    examples: [{ input: null, output: [] }],
  },
  requestDataExport: {
    summary: "Begins an archive of your data",
    description:
      "A ZIP with JSON, readable HTML and your files, created in the background. It contains your messages in conversations and channels, and nothing that others wrote.",
    fails,
    examples: [{ input: null, output: waiting }],
  },
  requestServerExport: {
    summary: "Begins an archive of a server that you own",
    description:
      "A ZIP in a documented format: structure, members' names, all channels with private ones and threads, and files. Never conversations.",
    fails: {
      ...fails,
      403: "you do not own the server, or have not confirmed who you are",
      404: "no such server",
    },
    examples: [
      {
        input: { serverId: sample.serverId },
        output: { ...waiting, serverId: sample.serverId, serverName: "Lab" },
      },
    ],
  },
}
