/** An S3 as small as one can be, over a real socket: PUT, GET with ranges, HEAD, DELETE and listing, signed. */
export function startS3({ bucket, accessKeyId }: { bucket: string; accessKeyId: string }) {
  const objects = new Map<string, { bytes: Uint8Array<ArrayBuffer>; type: string; at: Date }>()
  const signature = new RegExp(
    `^AWS4-HMAC-SHA256 Credential=${accessKeyId}/\\d{8}/[\\w-]+/s3/aws4_request, ?SignedHeaders=[\\w;-]*host[\\w;-]*, ?Signature=[0-9a-f]{64}$`,
  )
  const asked: string[] = []
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer })

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    asked.push(`${request.method} ${pathname}`)
    if (!signature.test(request.headers.get("authorization") ?? "")) return fault(403, "AccessDenied")
    if (pathname === `/${bucket}` || pathname === `/${bucket}/`) return list(searchParams)

    const key = decodeURIComponent(pathname.slice(bucket.length + 2))
    if (searchParams.has("uploads") || searchParams.has("uploadId")) return upload(request, key, searchParams)
    const found = objects.get(key)
    if (request.method === "PUT") {
      const type = request.headers.get("content-type") ?? ""
      objects.set(key, { bytes: new Uint8Array(await request.arrayBuffer()), type, at: new Date() })
      return new Response(null, { headers: { etag: '"1"' } })
    }
    if (request.method === "DELETE") {
      objects.delete(key)
      return new Response(null, { status: 204 })
    }
    if (!found) return fault(404, "NoSuchKey")

    const headers = { "content-type": found.type, etag: '"1"', "last-modified": found.at.toUTCString() }
    if (request.method === "HEAD") {
      return new Response(found.bytes, { headers })
    }
    const [, from, to] = request.headers.get("range")?.match(/^bytes=(\d+)-(\d*)$/) ?? []
    if (from === undefined) return new Response(found.bytes, { headers })
    return new Response(found.bytes.slice(Number(from), to ? Number(to) + 1 : undefined), {
      status: 206,
      headers,
    })
  }

  const parts = new Map<string, Uint8Array>()

  /** An object in parts: begun, its parts, and put together. */
  async function upload(request: Request, key: string, query: URLSearchParams): Promise<Response> {
    const headers = { "content-type": "application/xml", etag: '"1"' }
    if (request.method === "PUT") {
      const number = (query.get("partNumber") ?? "").padStart(5, "0")
      parts.set(`${key} ${number}`, new Uint8Array(await request.arrayBuffer()))
      return new Response(null, { headers })
    }
    const own = [...parts.keys()].filter((part) => part.startsWith(`${key} `)).toSorted()
    if (request.method === "POST" && query.has("uploadId")) {
      const bytes = new Uint8Array(Buffer.concat(own.map((part) => parts.get(part) ?? new Uint8Array())))
      objects.set(key, { bytes, type: "application/zip", at: new Date() })
      const result = `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"1"</ETag></CompleteMultipartUploadResult>`
      return new Response(result, { headers })
    }
    for (const part of own) parts.delete(part)
    if (request.method === "DELETE") return new Response(null, { status: 204 })
    const begun = `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${key}</Key><UploadId>1</UploadId></InitiateMultipartUploadResult>`
    return new Response(begun, { headers })
  }

  function list(query: URLSearchParams): Response {
    const [prefix, after] = [query.get("prefix") ?? "", query.get("start-after") ?? ""]
    // Fewer than asked for, as an S3 may answer.
    const most = Math.min(5, Number(query.get("max-keys") ?? 1000))
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted()
    const contents = keys
      .slice(0, most)
      .map(
        (key) =>
          `<Contents><Key>${key}</Key><LastModified>${objects.get(key)?.at.toISOString()}</LastModified><Size>1</Size></Contents>`,
      )
    return new Response(
      `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><IsTruncated>${keys.length > most}</IsTruncated>${contents.join("")}</ListBucketResult>`,
      { headers: { "content-type": "application/xml" } },
    )
  }

  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    objects,
    /** The requests so far, as `PUT /bucket/key`. */
    asked,
    [Symbol.dispose]: () => void server.stop(true),
  }
}

function fault(status: number, code: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`, {
    status,
    headers: { "content-type": "application/xml" },
  })
}
