import type { Chat } from "../../src/chat.ts"

/** Lets something happen while a password is being checked: after it was read, before the session is stored. */
export async function whileSigningIn(chat: Chat, happens: () => Promise<unknown>): Promise<void> {
  const auth = await chat.auth()
  const { password, ...context } = await auth.$context
  const verify: typeof password.verify = async (given) => {
    const isRight = await password.verify(given)
    await happens()
    return isRight
  }
  const $context = Promise.resolve({ ...context, password: { ...password, verify } })
  chat.auth = async () => ({ ...auth, $context }) as typeof auth
}
