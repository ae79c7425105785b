/** Interval of the messages that other people send meanwhile. */
const talkIntervalMs = 50

export interface Saying {
  port: number
  /** Of the channel. */
  path: string
  /** The header of whoever says it. */
  authorization: string
  content: string
}

/** Says something in a channel; resolves when it is stored. */
export async function say({ port, path, authorization, content }: Saying): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}/messages`, {
    method: "POST",
    headers: { authorization, accept: "application/json" },
    body: new URLSearchParams({ content }),
  })
  await response.arrayBuffer()
}

/** Measures while somebody talks. Resolves once the last message was answered, after which the server may end. */
export async function whileTalking<T>(
  saying: Omit<Saying, "content">,
  measure: () => Promise<T>,
): Promise<T> {
  const underWay = new Set<Promise<void>>()
  const talk = setInterval(() => {
    const one = say({ ...saying, content: "Something else" }).finally(() => underWay.delete(one))
    underWay.add(one)
  }, talkIntervalMs)
  try {
    return await measure()
  } finally {
    clearInterval(talk)
    await Promise.all(underWay)
  }
}
