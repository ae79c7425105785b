/** In kbit/s. Source: ISO/IEC 11172-3, 2.4.2.3, and 13818-3 for the lower sampling rates. */
const bitrates = {
  layer3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  layer2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  lowRate: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const samplingRates = [44_100, 48_000, 32_000]

/** The type of sound without a container, whose frames follow one another; `undefined` for anything else. */
export function mpegAudioTypeOf(bytes: Uint8Array): string | undefined {
  const type = typeOfFrame(bytes, 0)
  if (!type) return undefined

  const next = frameBytes(bytes)
  // Four bytes alone are chance: another frame follows, or the file ends with the first.
  return next >= bytes.length || typeOfFrame(bytes, next) === type ? type : undefined
}

function typeOfFrame(bytes: Uint8Array, at: number): string | undefined {
  const [sync = 0, kind = 0, rates = 0] = bytes.subarray(at, at + 3)
  if (sync !== 0xff || kind < 0xe0) return undefined
  const [version, layer] = [(kind >> 3) & 3, (kind >> 1) & 3]
  if ((kind & 0xf6) === 0xf0) return ((rates >> 2) & 0xf) <= 12 ? "audio/aac" : undefined

  const isFrame = version !== 1 && (layer === 1 || layer === 2) && rates >> 4 > 0 && rates >> 4 < 15
  return isFrame && ((rates >> 2) & 3) < 3 ? "audio/mpeg" : undefined
}

/** The length of the first frame. */
function frameBytes(bytes: Uint8Array): number {
  const [, kind = 0, rates = 0, third = 0, fourth = 0, fifth = 0] = bytes
  if ((kind & 0xf6) === 0xf0) return Math.max(7, ((third & 3) << 11) | (fourth << 3) | (fifth >> 5))

  const [version, layer] = [(kind >> 3) & 3, (kind >> 1) & 3]
  const isLowRate = version !== 3
  const table = isLowRate ? bitrates.lowRate : layer === 1 ? bitrates.layer3 : bitrates.layer2
  const rate = (samplingRates[(rates >> 2) & 3] ?? 44_100) / (version === 3 ? 1 : version === 2 ? 2 : 4)
  const samples = layer === 1 && isLowRate ? 72 : 144
  return Math.floor((samples * (table[rates >> 4] ?? 0) * 1000) / rate) + ((rates >> 1) & 1)
}
