/**
 * Looks for the number that a sign-up needs, beside the page: the smallest whose SHA-256 with the challenge begins with
 * enough zero bits. See `src/features/accounts/sign-up-work.ts`.
 */

/** Attempts that wait for the browser at the same time. */
const batch = 64

addEventListener("message", async ({ data: { challenge, bits } }) => {
  const encoder = new TextEncoder()
  for (let from = 0; ; from += batch) {
    const hashes = await Promise.all(
      Array.from({ length: batch }, (_, at) =>
        crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}:${from + at}`)),
      ),
    )
    const found = hashes.findIndex((hash) => new DataView(hash).getUint32(0) >>> (32 - bits) === 0)
    if (found < 0) continue

    postMessage(`${challenge}:${from + found}`)
    return
  }
})
