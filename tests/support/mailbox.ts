import { SMTPServer } from "smtp-server"
import { until } from "./listen.ts"

/** A message as it arrived, decoded. */
export interface Letter {
  to: string[]
  from: string
  raw: string
  /** The link in it; empty without one. */
  link: string
}

interface Options {
  /** Refuses this many messages before it takes one. */
  refusals?: number
  /** With which code: 4xx may be tried again, 5xx not. */
  code?: number
}

/** A real mail server on a free port that keeps what it is sent. */
export async function openMailbox({ refusals = 0, code = 451 }: Options = {}) {
  const letters: Letter[] = []
  let [left, attempts] = [refusals, 0]
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on("data", (chunk: Buffer) => chunks.push(chunk))
      stream.on("end", () => {
        attempts++
        if (left-- > 0) return done(Object.assign(new Error("Not now"), { responseCode: code }))

        const { mailFrom, rcptTo } = session.envelope
        const raw = decoded(Buffer.concat(chunks).toString())
        const link = raw.match(/^https?:\/\/\S+/m)?.[0] ?? ""
        letters.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : "",
          raw,
          link,
        })
        done()
      })
    },
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const address = server.server.address()
  const port = typeof address === "object" && address ? address.port : 0

  return {
    letters,
    /** Messages that somebody tried to deliver. */
    attempts: () => attempts,
    environment: { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "Lab chat <chat@example.org>" },
    /** The letter with this number, once it is there. */
    async letter(number: number): Promise<Letter> {
      await until(`letter ${number} is there`, () => letters.length >= number)
      return letters[number - 1] as Letter
    },
    [Symbol.dispose]: () => server.close(),
  }
}

/** Undoes quoted-printable (RFC 2045, 6.7), in which longer lines are broken. */
function decoded(raw: string): string {
  return raw
    .replace(/=\r?\n/g, "")
    .replace(/((?:=[0-9A-F]{2})+)/g, (bytes) => Buffer.from(bytes.replaceAll("=", ""), "hex").toString())
}
