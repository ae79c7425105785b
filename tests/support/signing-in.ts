import type { Chat } from "../../src/chat.ts"

/** Lets something happen while a password is being checked: after it was read, before the session is kept. */
export async function whileSigningIn(chat: Chat, happens: () => Promise<unknown>): Promise<void> {
  const auth = await chat.auth()
  const { signInUsername } = auth.api
  const api = {
    ...auth.api,
    signInUsername: async (...given: Parameters<typeof signInUsername>) => {
      const signedIn = await signInUsername(...given)
      await happens()
      return signedIn
    },
  }
  chat.auth = async () => ({ ...auth, api }) as typeof auth
}
