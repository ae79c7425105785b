import type { RequestExample } from "./operations.ts"

/** Formats a request as a shell command that takes the token from `$TOKEN`. */
export function curlOf({ by, method, path, headers, body, begins }: RequestExample, origin: string): string {
  const isJson = headers.accept === "application/json" && body !== undefined
  const lines = [
    `curl ${begins ? "--no-buffer " : ""}${quoted(origin + path)}`,
    by !== null && '-H "Authorization: Bearer $TOKEN"',
    ...Object.entries(headers)
      .filter(([name]) => !(isJson && name === "accept"))
      .map(([name, value]) => `-H ${quoted(`${titled(name)}: ${value}`)}`),
    body !== undefined && `--json ${quoted(JSON.stringify(body))}`,
    method !== (body === undefined ? "GET" : "POST") && `-X ${method}`,
  ]
  return lines.filter(Boolean).join(" \\\n  ")
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function titled(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
}
