import { expect, test } from "bun:test"
import { encryptPush } from "../../../src/features/push/encryption.ts"
import { waitOf } from "../../../src/features/push/push-service.ts"
import { generateVapidKeys, importVapidKeys, VapidSigner } from "../../../src/features/push/vapid.ts"
import { subscriptionKeys } from "../../support/push.ts"

const bytes = (text: string) => Uint8Array.fromBase64(text, { alphabet: "base64url" })
const base64 = (part: Uint8Array) => part.toBase64({ alphabet: "base64url", omitPadding: true })

test("a message is encrypted as in RFC 8291, appendix A", async () => {
  const sender = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
  const point = bytes(sender)
  const jwk = { kty: "EC", crv: "P-256", x: base64(point.subarray(1, 33)), y: base64(point.subarray(33)) }
  const curve = { name: "ECDH", namedCurve: "P-256" }
  const privateJwk = { ...jwk, d: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw" }
  const keys = {
    publicKey: await crypto.subtle.importKey("jwk", jwk, curve, true, []),
    privateKey: await crypto.subtle.importKey("jwk", privateJwk, curve, true, ["deriveBits"]),
  }
  const salt = bytes("DGv6ra1nlYgDCS1FRnbzlw")
  const text = "When I grow up, I want to be a watermelon"

  const body = await encryptPush(text, subscriptionKeys, { salt, keys })

  expect(base64(body)).toBe(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
  )
  // Every message has its own salt and key.
  const twice = [await encryptPush(text, subscriptionKeys), await encryptPush(text, subscriptionKeys)]
  expect(new Set(twice.map((one) => base64(one.subarray(0, 86)))).size).toBe(2)
})

test("a signature is used again until an hour before its end, and each push service gets its own", async () => {
  const signer = new VapidSigner(await importVapidKeys(await generateVapidKeys()), "https://chat.example.org")
  const at = (hours: number) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000)
  const claimsOf = (header: string) =>
    JSON.parse(String(Buffer.from(header.split(".")[1] ?? "", "base64url")))

  const first = await signer.authorization("https://a.example/x", at(0))

  expect(claimsOf(first)).toEqual({
    aud: "https://a.example",
    exp: at(12).getTime() / 1000,
    sub: "https://chat.example.org",
  })
  expect(await signer.authorization("https://a.example/y", at(10.9))).toBe(first)
  expect(await signer.authorization("https://a.example/x", at(11.1))).not.toBe(first)
  expect(claimsOf(await signer.authorization("https://b.example/x", at(0))).aud).toBe("https://b.example")
})

test.each([
  ["120", 120_000],
  ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
  ["Wed, 31 Dec 2025 23:59:00 GMT", 0],
  ["999999", 3_600_000],
  ["soon", undefined],
] as const)("a push service that says Retry-After: %s is left alone for %p ms", (header, ms) => {
  expect(waitOf(header, new Date(Date.UTC(2026, 0, 1)))).toBe(ms)
})
