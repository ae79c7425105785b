import { spyOn } from "bun:test"

/** Lets something happen while the next password is being checked: after it was read, before the session is stored. */
export function whileSigningIn(happens: () => Promise<unknown>): void {
  const { verify } = Bun.password
  const spy = spyOn(Bun.password, "verify").mockImplementationOnce(async (...given) => {
    spy.mockRestore()
    const isRight = await verify(...given)
    await happens()
    return isRight
  })
}
