/** Subtitles as WebVTT, which browsers read; from SubRip (`.srt`) too. Source: W3C WebVTT; SubRip as VLC reads it. */
export function toWebVtt(text: string): string {
  const lines = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n")
  if (/^WEBVTT([ \t\n]|$)/.test(lines)) return lines

  // A cue's place and colors are no part of WebVTT in this form; browsers show the words without. A tag ends before another
  // begins: otherwise every "<font" of a text that has only these would be read to its end.
  const cues = lines
    .replace(/^(\d{1,2}:\d\d:\d\d),(\d{1,3})[ \t]*-->[ \t]*(\d{1,2}:\d\d:\d\d),(\d{1,3}).*$/gm, toCueTime)
    .replace(/<\/?font[^<>]*>|\{\\[^{}\n]*\}/g, "")
  return `WEBVTT\n\n${cues}`
}

function toCueTime(_: string, from: string, fromMs: string, to: string, toMs: string): string {
  return `${padded(from)}.${fromMs.padEnd(3, "0")} --> ${padded(to)}.${toMs.padEnd(3, "0")}`
}

function padded(time: string): string {
  return time.padStart(8, "0")
}
